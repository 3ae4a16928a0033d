using System.Text;
using Sluice.Locations.S3;

namespace Sluice.Tests.Locations.S3;

public sealed class StagingChecksumTests
{
    [Theory]
    [InlineData("", "AAAAAA==")]
    [InlineData("123456789", "4waSgw==")] // the check value of CRC-32C, e3069283
    public void It_is_crc32c(string text, string expected) => Assert.Equal(expected, StagingChecksum.Text(StagingChecksum.Append(StagingChecksum.Begin, Encoding.ASCII.GetBytes(text))));
}

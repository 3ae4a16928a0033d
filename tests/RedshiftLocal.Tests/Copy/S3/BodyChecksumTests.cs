using RedshiftLocal.Copy.S3;

namespace RedshiftLocal.Tests.Copy.S3;

/// <summary>Check values of https://reveng.sourceforge.io/crc-catalogue/ and of FIPS 180-4, for the text 123456789.</summary>
public sealed class BodyChecksumTests
{
    [Theory]
    [InlineData("crc32", "CBF43926")]
    [InlineData("crc32c", "E3069283")]
    [InlineData("crc64nvme", "AE8B14860A799888")]
    [InlineData("sha1", "F7C3BC1D808E04732ADF679965CCC34CA7AE3441")]
    [InlineData("sha256", "15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225")]
    public void Each_algorithm_gives_its_published_value_however_the_body_is_cut(string name, string hex)
    {
        foreach (var cut in Enumerable.Range(0, 10))
        {
            using var right = Checksum(name, Convert.FromHexString(hex));
            right.Append("123456789"u8[..cut]);
            right.Append("123456789"u8[cut..]);
            Assert.True(right.Matches());
        }

        using var wrong = Checksum(name, Convert.FromHexString(hex));
        wrong.Append("12345678"u8);
        Assert.False(wrong.Matches());
    }

    [Fact]
    public void The_checksum_of_a_multipart_upload_says_nothing_of_the_body()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("x-amz-checksum-crc32", "y/Q5Jg==-3");

        Assert.Null(BodyChecksum.Of(response.Headers));
    }

    private static BodyChecksum Checksum(string name, byte[] value)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("x-amz-checksum-" + name, Convert.ToBase64String(value));
        return BodyChecksum.Of(response.Headers)!;
    }
}

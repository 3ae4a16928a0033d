using System.Globalization;
using System.Text;
using Sluice.Casts;

namespace Sluice.Tests.Casts;

public sealed class TransformBytesTests
{
    [Theory]
    [InlineData("byte-vector-to-bytea", "00ff", "\\x00ff")]
    [InlineData("byte-vector-to-bytea", "", "\\x")]
    [InlineData("byte-vector-to-hexstring", "DEad", "dead")]
    [InlineData("byte-vector-to-hexstring", "", "")]
    [InlineData("binary-to-bytea", "00ff", "\\x00ff")]
    [InlineData("binary-to-bytea", "", null)]
    [InlineData("bits-to-boolean", "00", "f")]
    [InlineData("bits-to-boolean", "01", "t")]
    [InlineData("bits-to-boolean", "0001", null)]
    [InlineData("bits-to-boolean", "", null)]
    [InlineData("bits-to-hex-bitstring", "0f", "X0f")]
    [InlineData("bits-to-hex-bitstring", "", "X")]
    [InlineData("varbinary-to-string", "c3a9", "é")]
    [InlineData("varbinary-to-string", "ff", Eval.Error)]
    [InlineData("varbinary-to-inet", "c0a80001", "192.168.0.1")]
    [InlineData("varbinary-to-inet", "20010db800000000000000000000000a", "2001:0DB8:0000:0000:0000:0000:0000:000A")]
    [InlineData("varbinary-to-inet", "", null)]
    [InlineData("varbinary-to-inet", "c0a8", Eval.Error)]
    [InlineData("binary-to-uuid", "00112233445566778899aabbccddeeff", "00112233-4455-6677-8899-AABBCCDDEEFF")]
    [InlineData("binary-to-uuid", "0011", null)]
    [InlineData("binary-to-uuid", "", null)]
    [InlineData("sql-server-uniqueidentifier-to-uuid", "00112233445566778899aabbccddeeff", "33221100-5544-7766-8899-AABBCCDDEEFF")]
    [InlineData("sql-server-uniqueidentifier-to-uuid", "0011", Eval.Error)]
    public void Bytes_of_a_binary_column(string name, string hex, string? expected) =>
        Assert.Equal(expected, Eval.Transform(name, Convert.FromHexString(hex), TransformInput.Bytes));

    [Fact]
    public void A_uuid_round_trips_through_both_byte_orders()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            Assert.Equal(new Guid(bytes).ToString().ToUpperInvariant(), Eval.Transform("sql-server-uniqueidentifier-to-uuid", bytes, TransformInput.Bytes));
            Assert.Equal(new Guid(bytes, true).ToString().ToUpperInvariant(), Eval.Transform("binary-to-uuid", bytes, TransformInput.Bytes));
        }
    }

    [Fact]
    public void Hex_and_base64_round_trip()
    {
        var random = new Random(8);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(1, 60)];
            random.NextBytes(bytes);
            Assert.Equal(Convert.ToHexStringLower(bytes), Eval.Transform("byte-vector-to-hexstring", bytes, TransformInput.Bytes));
            Assert.Equal(Encoding.Latin1.GetString(bytes), Eval.Transform("base64-decode", Convert.ToBase64String(bytes)));
        }
    }

    [Fact]
    public void Addresses_round_trip()
    {
        var random = new Random(9);
        for (var i = 0; i < 500; i++)
        {
            var address = (uint)random.NextInt64(0, 1L << 32);
            var text = Eval.Transform("int-to-ip", address.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(address, text!.Split('.').Aggregate(0u, (sum, part) => sum * 256 + uint.Parse(part, CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public void Unix_times_round_trip()
    {
        var random = new Random(10);
        for (var i = 0; i < 1000; i++)
        {
            var moment = DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(-62_135_596_800, 253_402_300_800));
            var expected = moment.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var seconds = moment.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            Assert.Equal(expected, Eval.Transform("unix-timestamp-to-timestamptz", seconds));
        }
    }

    [Fact]
    public void Compact_dates_round_trip()
    {
        var random = new Random(11);
        for (var i = 0; i < 500; i++)
        {
            var moment = DateTime.UnixEpoch.AddSeconds(random.NextInt64(-60_000_000_000, 250_000_000_000));
            var expected = moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            Assert.Equal(expected, Eval.Transform("date-with-no-separator", moment.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)));
        }
    }
}

using System.Text;
using RedshiftLocal.Store.Payloads;

namespace RedshiftLocal.Tests.Store;

public sealed class ChecksumTests
{
    // The check values of the catalogue of CRC algorithms, https://reveng.sourceforge.io/crc-catalogue/all.htm
    [Theory]
    [InlineData("CRC32", "CBF43926")]
    [InlineData("CRC32C", "E3069283")]
    [InlineData("CRC64NVME", "AE8B14860A799888")]
    public void The_check_values_are_right(string name, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(ChecksumAlgorithms.Find(name)!.Value.Of("123456789"u8)));

    [Theory]
    [InlineData("CRC32")]
    [InlineData("CRC32C")]
    [InlineData("CRC64NVME")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public void Pieces_give_what_the_whole_gives(string name)
    {
        var algorithm = ChecksumAlgorithms.Find(name)!.Value;
        var random = new Random(5);
        for (var i = 0; i < 100; i++)
        {
            var data = new byte[random.Next(1, 500)];
            random.NextBytes(data);
            using var hasher = new ChecksumHasher(algorithm);
            for (var start = 0; start < data.Length;)
            {
                var end = Math.Min(data.Length, start + random.Next(1, 60));
                hasher.Append(data.AsSpan(start..end));
                start = end;
            }

            Assert.Equal(algorithm.Of(data), hasher.Finish());
        }
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("CRC32C")]
    [InlineData("CRC64NVME")]
    public void Values_of_two_pieces_combine_to_that_of_both(string name)
    {
        var algorithm = ChecksumAlgorithms.Find(name)!.Value;
        var crc = algorithm.Crc()!;
        var random = new Random(6);
        for (var i = 0; i < 100; i++)
        {
            var data = new byte[random.Next(0, 5000)];
            random.NextBytes(data);
            var middle = random.Next(data.Length + 1);

            var combined = crc.Combine(
                Crc.FromBytes(algorithm.Of(data.AsSpan(..middle))), Crc.FromBytes(algorithm.Of(data.AsSpan(middle..))), data.Length - middle);

            Assert.Equal(algorithm.Of(data), crc.ToBytes(combined));
        }
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32", true)]
    [InlineData("X-Amz-Checksum-CRC64NVME", true)]
    [InlineData("x-amz-checksum-mode", false)]
    [InlineData("x-amz-checksum-0", false)]
    [InlineData("content-md5", false)]
    public void Headers_are_told_apart(string name, bool isChecksum) => Assert.Equal(isChecksum, ChecksumAlgorithms.FindHeader(name) is not null);

    [Theory]
    [InlineData("x-amz-checksum-crc32", "y/Q5Jw==", "BadDigest")]
    [InlineData("x-amz-checksum-crc64nvme", "rosUhgp5mIk=", "BadDigest")]
    [InlineData("x-amz-checksum-crc32", "rosUhgp5mIk=", "InvalidRequest")]
    [InlineData("x-amz-checksum-crc32", "%", "InvalidRequest")]
    [InlineData("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==", "BadDigest")]
    [InlineData("content-md5", "short", "InvalidDigest")]
    [InlineData("x-amz-sdk-checksum-algorithm", "CRC32", "InvalidRequest")]
    public async Task A_promise_that_does_not_hold_is_refused(string name, string value, string code)
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendAsync("PUT", "/test-bucket/a", "123456789"u8.ToArray(), headers: (name, value));

        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Two_checksums_at_once_are_refused()
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendAsync(
            "PUT",
            "/test-bucket/a",
            "123456789"u8.ToArray(),
            headers: [("x-amz-checksum-crc32", "y/Q5Jg=="), ("x-amz-checksum-crc32c", "4waSgw==")]);

        Assert.Equal((400, "InvalidRequest"), (answer.Status, answer.Code));
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
    [Fact]
    public async Task An_upload_without_a_checksum_gets_crc64nvme()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        await raw.SendAsync("PUT", "/test-bucket/a", "123456789"u8.ToArray());

        var plain = await raw.SendAsync("GET", "/test-bucket/a");
        var asked = await raw.SendAsync("GET", "/test-bucket/a", headers: ("x-amz-checksum-mode", "ENABLED"));

        Assert.DoesNotContain("x-amz-checksum-crc64nvme", plain.Headers.Keys);
        Assert.Equal("rosUhgp5mIg=", asked.Headers["x-amz-checksum-crc64nvme"]);
    }

    [Fact]
    public async Task Deleting_many_keys_needs_a_checksum()
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendAsync(
            "POST", "/test-bucket", Encoding.UTF8.GetBytes("<Delete><Object><Key>a</Key></Object></Delete>"), "delete=");

        Assert.Equal((400, "InvalidRequest", "Missing required header for this request: Content-MD5"), (answer.Status, answer.Code, answer.Element("Message")));
    }
}

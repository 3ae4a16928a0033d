using System.Text;
using RedshiftLocal.Copy.Bzip2;
using RedshiftLocal.Tests.Store.Clients;

namespace RedshiftLocal.Tests.Copy.Bzip2;

/// <summary>BZIP2 of COPY (copy-parameters-file-compression.html) and of UNLOAD (r_UNLOAD.html), against a program that others wrote.</summary>
public sealed class Bzip2Tests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("QlpoORdyRThQkAAAAAA=", "")]
    [InlineData("QlpoOTFBWSZTWaaCf/AAABBRAAAQQAQCRKAAMQwAihoc4NDqEGOocIeLuSKcKEhTQT/4AA==", "hello, hello, hello\nhello, hello, hello\nhello, hello, hello\n")]
    public async Task What_python_packed_is_unpacked(string packed, string text) => Assert.Equal(text, Encoding.ASCII.GetString(await UnpackAsync(Convert.FromBase64String(packed))));

    [Fact]
    public async Task Two_files_behind_each_other_are_one_text()
    {
        const string Packed = "QlpoMTFBWSZTWcsW+QoAAAHBAeAAOAAAgAAIIAAxDACKno0nMgGbAuN6NbXyZ8XckU4UJDLFvkKAQlpoOTFBWSZTWSaKAjQAAAKBgA4BiAAgACIYaDAHAphdyRThQkCaKAjQ";

        Assert.Equal(new string('\0', 1000) + new string('a', 259) + "bbbbcccccsecond", Encoding.ASCII.GetString(await UnpackAsync(Convert.FromBase64String(Packed))));
    }

    [Fact]
    public async Task Whatever_is_packed_comes_back()
    {
        foreach (var sample in Samples())
        {
            Assert.Equal(sample, await UnpackAsync(Pack(sample)));
        }
    }

    [Fact]
    public async Task Python_unpacks_what_is_packed_here()
    {
        var python = await ClientProgram.RequirePythonAsync("bz2");
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var number = 0;
            foreach (var sample in Samples())
            {
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{number}.bz2"), Pack(sample), Ct);
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{number++}.txt"), sample, Ct);
            }

            var result = await ClientProgram.RunAsync(python, ["-c", $"import bz2\nfor i in range({number}):\n    assert bz2.open('{folder.FullName}/%d.bz2' % i).read() == open('{folder.FullName}/%d.txt' % i, 'rb').read(), i\nprint('same')"]);
            Assert.Equal("same", result.Output.Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Data_cut_off_anywhere_is_an_error()
    {
        var packed = Pack(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"{i * 7919 % 1000},"))));
        for (var length = 1; length < packed.Length; length++)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(packed[..length]));
        }
    }

    [Fact]
    public async Task Damaged_data_is_an_error_or_never_differs()
    {
        var plain = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"{i * 7919 % 1000},")));
        var packed = Pack(plain);
        var random = new Random(4711);
        for (var round = 0; round < 500; round++)
        {
            var damaged = packed.ToArray();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.Equal(plain, await UnpackAsync(damaged));
            }
            catch (InvalidDataException)
            {
                // As it should be.
            }
        }
    }

    private static IEnumerable<byte[]> Samples()
    {
        var random = new Random(20261123);
        yield return [];
        yield return [7];
        yield return new byte[1_000_000];
        for (var run = 1; run < 520; run += 37)
        {
            yield return [.. Enumerable.Repeat((byte)'x', run), .. Enumerable.Repeat((byte)'y', 4)];
        }

        yield return [.. Enumerable.Range(0, 250_000).Select(i => (byte)"abcab"[i % 5])];
        yield return [.. Enumerable.Range(0, 250_000).Select(i => (byte)(random.Next(100) == 0 ? random.Next(256) : 'z'))];
        var noise = new byte[210_000];
        random.NextBytes(noise);
        yield return noise;
        yield return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},row {i * 7919 % 1000} é,2020-01-{i % 28 + 1:d2}\n")));
    }

    private static byte[] Pack(byte[] plain)
    {
        using var target = new MemoryStream();
        using (var packer = new Bzip2Writer(target))
        {
            packer.Write(plain.AsSpan(0, plain.Length / 3));
            packer.Write(plain.AsSpan(plain.Length / 3));
        }

        return target.ToArray();
    }

    private static async Task<byte[]> UnpackAsync(byte[] packed)
    {
        await using var reader = new Bzip2Reader(new MemoryStream(packed));
        using var plain = new MemoryStream();
        await reader.CopyToAsync(plain, Ct);
        return plain.ToArray();
    }
}

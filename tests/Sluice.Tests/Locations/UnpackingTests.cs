using System.IO.Compression;
using System.Text;
using K4os.Compression.LZ4.Streams;
using SharpCompress.Compressors.BZip2;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;
using Sluice.Tests.Sources;
using Sluice.Tests.Sources.Csv;

namespace Sluice.Tests.Locations;

public sealed class UnpackingTests : IDisposable
{
    private const string Text = "1,one\n2,two\n3,three\n";

    /// <summary>The text above as xz -9e writes it, with CRC64.</summary>
    private const string XzOfText = "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQATMSxvbmUKMix0d28KMyx0aHJlZQoAbHOHZmsMboIAASwU+AptAx+2830BAAAAAARZWg==";

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-unpacking").FullName;

    public static TheoryData<string> Packings => ["gz", "bz2", "xz", "zst", "lz4"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Packings))]
    public async Task A_packed_file_is_read_as_its_content_by_any_name(string packing)
    {
        foreach (var name in new[] { "x.csv." + packing, "x.csv", "noname" })
        {
            var file = Resolve(name, Pack(packing, Text));
            Assert.Null(file.Bytes);
            Assert.Equal(Text, await ReadAsync(file));
            Assert.Equal(Text, await ReadAsync(file));
        }
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public async Task Files_that_are_packed_one_by_one_and_joined_are_read_to_the_last(string packing)
    {
        var packed = Pack(packing, Text);
        Assert.Equal(Text + Text + Text, await ReadAsync(Resolve("x", [.. packed, .. packed, .. packed])));
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public async Task Pipes_are_unpacked_too_in_pieces_of_any_size(string packing)
    {
        var random = new Random(7);
        var packed = Pack(packing, Text);
        for (var round = 0; round < 20; round++)
        {
            var opener = new LocationOpener(() => new ChunkedStream([.. packed, .. packed], () => random.Next(1, 9)));
            Assert.Equal(Text + Text, await ReadAsync(Assert.Single(opener.Resolve(new FileLocation.Stdin()))));
        }
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public async Task A_file_that_is_cut_off_anywhere_is_an_error_and_never_a_shorter_one(string packing)
    {
        var packed = Pack(packing, Text);
        byte[] whole = [.. packed, .. packed];
        for (var length = 0; length < whole.Length; length++)
        {
            var file = Resolve("x." + packing, whole[..length]);
            if (length == packed.Length)
            {
                Assert.Equal(Text, await ReadAsync(file));
                continue;
            }

            var failure = await Assert.ThrowsAsync<SourceException>(() => ReadAsync(file));
            Assert.Contains("x." + packing, failure.Message, StringComparison.Ordinal);
            Assert.NotNull(failure.Hint);
        }
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public async Task A_changed_byte_is_an_error_or_changes_nothing(string packing)
    {
        var packed = Pack(packing, Text);
        var failures = 0;
        for (var i = 0; i < packed.Length; i++)
        {
            foreach (var change in new[] { 0x01, 0x10, 0xFF })
            {
                byte[] changed = [.. packed];
                changed[i] ^= (byte)change;
                try
                {
                    Assert.Equal(Text, await ReadAsync(Resolve("x." + packing, changed)));
                }
                catch (SourceException)
                {
                    failures++;
                }
            }
        }

        Assert.True(failures > packed.Length, $"{failures} changes were found");
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public async Task Random_content_comes_back(string packing)
    {
        if (packing == "xz")
        {
            return; // nothing here writes it; the files above are its test
        }

        foreach (var seed in Enumerable.Range(1, 12))
        {
            var random = new Random(seed);
            var content = new byte[random.Next(0, 200_000)];
            random.NextBytes(content.AsSpan(0, content.Length / random.Next(1, 4)));
            var file = Resolve("x." + packing, [.. Pack(packing, content), .. Pack(packing, content)]);
            var read = await BytesAsync(file);
            Assert.Equal([.. content, .. content], read);
        }
    }

    [Fact]
    public async Task Gzip_may_have_names_comments_and_zeros_behind_it()
    {
        var plain = Pack("gz", Text);
        byte[] dressed = [0x1F, 0x8B, 8, 0x1E, .. plain[4..10], 3, 0, 1, 2, 3, .. "name\0comment\0"u8.ToArray(), 9, 9, .. plain[10..], 0, 0, 0];
        Assert.Equal(Text, await ReadAsync(Resolve("x.gz", dressed)));
        Assert.Equal(Text + Text, await ReadAsync(Resolve("x.gz", [.. dressed, .. plain])));
    }

    [Fact]
    public async Task What_follows_gzip_and_is_none_is_an_error_behind_the_content()
    {
        byte[] longer = [.. Pack("gz", Text), .. "more and more of it"u8.ToArray()];
        var failure = await Assert.ThrowsAsync<SourceException>(() => ReadAsync(Resolve("x.gz", longer)));
        Assert.EndsWith("x.gz is damaged or cut off: it cannot be unpacked beyond byte 20 of its content: something follows its content that is not gzip", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_members_are_one_file()
    {
        var packed = Enumerable.Range(0, 500).SelectMany(i => Pack("gz", i % 3 == 0 ? "" : Text)).ToArray();
        Assert.Equal(333 * Text.Length, (await ReadAsync(Resolve("x.gz", packed))).Length);
    }

    [Theory]
    [InlineData("x.csv.gz", "1,2\n", "does not begin as gzip does", "Give it the name")]
    [InlineData("x.csv.ZST", "1,2\n", "does not begin as zstd does", "Give it the name")]
    [InlineData("x.csv.bz2", "", "does not begin as bzip2 does", "It is empty")]
    [InlineData("x.csv", "PK\u0003\u0004rest", "is a ZIP archive", "unzip -p")]
    public async Task A_file_that_is_not_what_its_name_says_is_an_error(string name, string content, string message, string hint)
    {
        var failure = await Assert.ThrowsAsync<SourceException>(() => ReadAsync(Resolve(name, Encoding.UTF8.GetBytes(content))));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith(hint, failure.Hint?.Replace("Unpack it first, or load it from stdin: ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.tar.gz", ".tar")]
    [InlineData("x.tar.zst", ".tar")]
    [InlineData("x.TGZ", ".TGZ")]
    [InlineData("x.zip", ".zip")]
    [InlineData("x.7z", ".7z")]
    public void Archives_are_refused_by_name(string name, string extension)
    {
        var failure = Assert.Throws<SourceException>(() => Resolve(name, "x"u8.ToArray()));
        Assert.EndsWith($"{name} is a {extension} file: its content is not text that can be loaded", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_before_the_place_where_a_file_is_cut_off_are_read_and_the_load_fails()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{new Random(i).Next()}\n"));
        var packed = Pack("gz", text);
        await using var source = Sluice.Sources.SourceRegistry.Text(CsvRun.Settings([], CsvRun.Comma, "a", "b") with { Inputs = [Resolve("x.csv.gz", packed[..(packed.Length / 2)])] });
        var unit = Assert.Single(await source.SplitAsync(Ct));
        var rows = new CollectingRowWriter();
        var failure = await Assert.ThrowsAsync<SourceException>(() => source.ReadAsync(unit, rows, Ct));
        Assert.Contains("is damaged or cut off: it cannot be unpacked beyond byte", failure.Message, StringComparison.Ordinal);
        Assert.InRange(rows.Rows.Count, 1, 19_999);
        Assert.Equal(Enumerable.Range(0, rows.Rows.Count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)), rows.Rows.Select(row => row[0]));
    }

    private static byte[] Pack(string packing, string text) => Pack(packing, Encoding.UTF8.GetBytes(text));

    private static byte[] Pack(string packing, byte[] content)
    {
        if (packing == "xz")
        {
            Assert.Equal(Text, Encoding.UTF8.GetString(content));
            return Convert.FromBase64String(XzOfText);
        }

        var packed = new MemoryStream();
        using (Stream writer = packing switch
        {
            "gz" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "bz2" => BZip2Stream.Create(packed, SharpCompress.Compressors.CompressionMode.Compress, decompressConcatenated: false, leaveOpen: true),
            "zst" => Zstd(packed),
            _ => LZ4Stream.Encode(packed, new LZ4EncoderSettings { ContentChecksum = true, BlockChecksum = true }, leaveOpen: true),
        })
        {
            writer.Write(content);
        }

        return packed.ToArray();
    }

    private static ZstdSharp.CompressionStream Zstd(Stream packed)
    {
        var stream = new ZstdSharp.CompressionStream(packed, leaveOpen: true);
        stream.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return stream;
    }

    private InputFile Resolve(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return Assert.Single(new LocationOpener(() => Stream.Null).Resolve(new FileLocation.LocalFile(path)));
    }

    private static async Task<string> ReadAsync(InputFile file) => Encoding.UTF8.GetString(await BytesAsync(file));

    private static async Task<byte[]> BytesAsync(InputFile file)
    {
        var opened = await file.OpenAsync(Ct);
        await using var stream = opened.Stream;
        var content = new MemoryStream();
        await stream.CopyToAsync(content, Ct);
        return content.ToArray();
    }
}

using System.Text;
using Sluice.Batches;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Tests.Sources.Csv;

namespace Sluice.Tests.Locations;

public sealed class CharsetTests
{
    private const string Latin = "1,déjà vu,Ünïcödé\n2,\"a,ß\",\n";

    [Theory]
    [InlineData("iso-8859-1", Latin)]
    [InlineData("latin1", Latin)]
    [InlineData("windows-1252", "1,5 €,„x“\n")]
    [InlineData("iso-8859-15", "1,5 €,x\n")]
    [InlineData("ibm850", Latin)]
    [InlineData("macintosh", Latin)]
    [InlineData("koi8-r", "1,Привет,мир\n")]
    [InlineData("windows-1251", "1,Привет,мир\n")]
    [InlineData("iso-8859-7", "1,Καλημέρα,x\n")]
    [InlineData("windows-1256", "1,مرحبا,x\n")]
    [InlineData("shift_jis", "1,日本語,テスト\n")]
    [InlineData("euc-jp", "1,日本語,テスト\n")]
    [InlineData("iso-2022-jp", "1,日本語,テスト\n")]
    [InlineData("gbk", "1,中文,测试\n")]
    [InlineData("gb2312", "1,中文,测试\n")]
    [InlineData("gb18030", "1,中文😀,测试\n")]
    [InlineData("big5", "1,中文,測試\n")]
    [InlineData("euc-kr", "1,한국어,x\n")]
    [InlineData("ibm037", "1,abc,x\n")]
    [InlineData("utf-16", "1,é€😀,x\n")]
    [InlineData("utf-16le", "1,é€😀,x\n")]
    [InlineData("utf-16be", "1,é€😀,x\n")]
    [InlineData("utf-32", "1,é€😀,x\n")]
    [InlineData("utf-32be", "1,é€😀,x\n")]
    [InlineData("utf-8", "1,é€😀,x\n")]
    [InlineData("us-ascii", "1,abc,x\n")]
    public async Task Text_of_any_encoding_is_loaded(string name, string text)
    {
        var many = string.Concat(Enumerable.Repeat(text, 40));
        var bytes = Find(name).GetBytes(many);
        var size = 0;
        var run = await ReadAsync(bytes, name, () => 1 + size++ % 7);
        Assert.Empty(run.Rows.Rejects);
        Assert.Equal((await CsvRun.ReadAsync(many)).Lines, run.Lines);
    }

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("shift_jis")]
    [InlineData("utf-16")]
    [InlineData("gb18030")]
    public async Task A_rejected_record_is_given_back_in_its_own_encoding(string name)
    {
        var encoding = Find(name);
        var text = name == "iso-8859-1" ? "2,\"é\"ü,x\n" : "2,\"中\"日,x\n";
        byte[] bytes = [.. encoding.GetBytes("1,2,3\n"), .. encoding.GetBytes(text)];
        var (rejection, source) = Assert.Single((await ReadAsync(bytes, name)).Rows.Rejects);
        Assert.Equal(encoding.GetBytes(text), source);
        Assert.Equal(new RowOrigin(0, 2, -1), rejection.Origin);
    }

    [Theory]
    [InlineData("shift_jis", new byte[] { 0x81 }, "0x81")]
    [InlineData("euc-jp", new byte[] { 0xB0, 0x20 }, "0xB0")]
    [InlineData("gb18030", new byte[] { 0xFF }, "0xFF")]
    [InlineData("utf-16le", new byte[] { 0x00, 0xD8 }, "0x00")]
    [InlineData("utf-16be", new byte[] { 0xDC, 0x01 }, "0xDC")]
    [InlineData("utf-32le", new byte[] { 0x00, 0x00, 0x11, 0x00 }, "0x00")]
    public async Task Bytes_that_cannot_be_decoded_reject_their_record_only(string name, byte[] bad, string hex)
    {
        var encoding = Find(name);
        byte[] record = [.. encoding.GetBytes("4,x"), .. bad, .. encoding.GetBytes(",6\n")];
        byte[] bytes = [.. encoding.GetBytes("1,2,3\n"), .. record, .. encoding.GetBytes("7,8,9\n")];
        var run = await ReadAsync(bytes, name, () => 1);
        Assert.Equal(["1|2|3", "7|8|9"], run.Lines);
        var (rejection, source) = Assert.Single(run.Rows.Rejects);
        Assert.Equal(RejectStage.Encoding, rejection.Stage);
        Assert.StartsWith($"Invalid {encoding.WebName}\nLine 2: {hex}", rejection.Message, StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexString(record), Convert.ToHexString(source));
    }

    [Theory]
    [InlineData("shift_jis", (byte)0x81)]
    [InlineData("gbk", (byte)0x81)]
    [InlineData("big5", (byte)0xA4)]
    [InlineData("euc-kr", (byte)0xB0)]
    public async Task A_lead_byte_before_a_line_end_does_not_swallow_the_next_record(string name, byte lead)
    {
        byte[] bytes = [.. "1,2,x"u8, lead, .. "\n4,5,6\n"u8];
        var run = await ReadAsync(bytes, name);
        Assert.Equal(["4|5|6"], run.Lines);
        Assert.Equal(bytes[..7], Assert.Single(run.Rows.Rejects).Source);
    }

    [Fact]
    public async Task The_end_of_the_file_within_a_character_rejects_the_last_record()
    {
        var run = await ReadAsync([.. Encoding.Unicode.GetBytes("1,2,3\n4,5,6"), 0x41], "utf-16le");
        Assert.Equal(["1|2|3"], run.Lines);
        Assert.Equal([.. Encoding.Unicode.GetBytes("4,5,6"), 0x41], Assert.Single(run.Rows.Rejects).Source);
    }

    [Theory]
    [InlineData(null, "utf-8")]
    [InlineData("utf-8", "utf-8")]
    [InlineData(null, "utf-16le")]
    [InlineData(null, "utf-16be")]
    [InlineData(null, "utf-32le")]
    [InlineData(null, "utf-32be")]
    [InlineData("utf-16", "utf-16be")]
    [InlineData("utf-16", "utf-16le")]
    [InlineData("utf-16be", "utf-16be")]
    [InlineData("utf-16le", "utf-16le")]
    [InlineData("utf-32", "utf-32be")]
    [InlineData("gb18030", "gb18030")]
    public async Task A_byte_order_mark_is_not_data(string? asked, string actual)
    {
        var bytes = Find(actual).GetBytes("\uFEFF1,é,3\n4,5,6\n");
        var run = await ReadAsync(bytes, asked, () => 3);
        Assert.Equal(["1|é|3", "4|5|6"], run.Lines);
    }

    [Fact]
    public async Task The_three_bytes_of_a_mark_count_in_offsets()
    {
        var run = await ReadAsync([0xEF, 0xBB, 0xBF, .. "1,2,3\n4,5,6\n"u8], null);
        Assert.Equal([3, 9], run.Rows.Origins.Select(o => o.ByteOffset));
    }

    [Fact]
    public async Task A_header_after_a_byte_order_mark_is_matched()
    {
        var settings = CsvRun.Settings([0xEF, 0xBB, 0xBF, .. "b,a\n1,2\n"u8], CsvRun.Comma with { HasHeader = true }, "a", "b");
        Assert.Equal(["2|1"], (await CsvRun.ReadAsync(settings)).Lines);
    }

    [Fact]
    public async Task Marks_of_the_same_look_in_the_data_stay_as_they_are()
    {
        var text = "1,\U0010FF41,\uFFFD\n";
        Assert.Equal(["1|\U0010FF41|\uFFFD"], (await ReadAsync(Encoding.Unicode.GetBytes(text), "utf-16le")).Lines);
        Assert.Equal(["1|\U0010FF41|\uFFFD"], (await ReadAsync(Encoding.UTF8.GetBytes(text), null)).Lines);
    }

    [Fact]
    public async Task An_unknown_encoding_is_named()
    {
        var failure = await Assert.ThrowsAsync<SourceException>(() => ReadAsync([65], "utf-99"));
        Assert.Equal("The encoding 'utf-99' is unknown", failure.Message);
    }

    [Fact]
    public async Task Source_bytes_are_counted_as_they_are_in_the_source()
    {
        foreach (var (name, bytes) in new[] { ("utf-8", "1,é,3\n"u8.ToArray()), ("utf-16", Encoding.Unicode.GetBytes("1,é,3\n")) })
        {
            var total = 0L;
            await CsvRun.ReadAsync(CsvRun.Settings(bytes, CsvRun.Comma, "a", "b", "c") with { EncodingName = name, BytesRead = n => total += n });
            Assert.Equal(bytes.Length, total);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Garbage_in_any_encoding_never_throws(int seed)
    {
        var random = new Random(seed);
        foreach (var name in new[] { "shift_jis", "gb18030", "utf-16", "utf-32", "iso-2022-jp", "euc-jp", "big5", "euc-kr", "windows-1252", "ibm037", "hz-gb-2312" })
        {
            var bytes = new byte[2000];
            random.NextBytes(bytes);
            var run = await ReadAsync(bytes, name, () => random.Next(1, 50));
            Assert.True(run.Lines.Length + run.Rows.Rejects.Count + run.Rows.Skipped > 0, name);
        }
    }

    private static Encoding Find(string name) => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);

    private static Task<CsvRun> ReadAsync(byte[] bytes, string? encoding, Func<int>? chunk = null) =>
        CsvRun.ReadAsync(CsvRun.Settings(bytes, new CsvOptions { Separator = "," }, "a", "b", "c") with
        {
            Inputs = [CsvRun.Input(bytes, chunk: chunk)],
            EncodingName = encoding,
        });
}

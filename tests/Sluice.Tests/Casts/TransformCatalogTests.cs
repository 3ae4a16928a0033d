using System.Buffers;
using System.Text;
using Sluice.Casts;

namespace Sluice.Tests.Casts;

public sealed class TransformCatalogTests
{
    private static readonly Dictionary<string, string> GoodInput = new()
    {
        ["base64-decode"] = "aGVsbG8=",
        ["binary-to-uuid"] = "00112233445566778899aabbccddeeff",
        ["bits-to-boolean"] = "1",
        ["bits-to-hex-bitstring"] = "b'101'",
        ["convert-mysql-linestring"] = "LINESTRING(1 2,3 4)",
        ["convert-mysql-point"] = "POINT(48.5 7.6)",
        ["convert-mysql-polygon"] = "POLYGON((0 0,0 1,1 1,0 0))",
        ["date-with-no-separator"] = "20041002152952",
        ["db3-date-to-pgsql-date"] = "20130131",
        ["julian-day-to-timestamp"] = "2440587.5",
        ["remove-null-characters"] = "a\0b",
        ["right-trim"] = "a  ",
        ["sql-server-uniqueidentifier-to-uuid"] = "00112233445566778899aabbccddeeff",
        ["time-with-no-separator"] = "08231560",
        ["varbinary-to-inet"] = "20010db800000000000000000000000a",
        ["zero-dates-to-null"] = "2004-10-31",
    };

    public static TheoryData<string> AllNames => [.. TransformCatalog.Names];

    [Fact]
    public void There_are_the_thirty_six_transforms_of_one_value() => Assert.Equal(36, TransformCatalog.Names.Length);

    [Theory]
    [InlineData("Zero-Dates-To-NULL")]
    [InlineData("pgloader.transforms:zero-dates-to-null")]
    [InlineData("PGLOADER.TRANSFORMS::zero-dates-to-null")]
    public void Names_ignore_case_and_the_package(string name)
    {
        Assert.True(TransformCatalog.TryGet(name, out _));
        Assert.True(TransformCatalog.Exists(name));
    }

    [Fact]
    public void Ip_range_exists_but_takes_two_values()
    {
        Assert.True(TransformCatalog.Exists("ip-range"));
        Assert.False(TransformCatalog.TryGet("ip-range", out _));
    }

    [Fact]
    public void A_misspelt_name_gets_the_nearest_one() => Assert.Equal("zero-dates-to-null", TransformCatalog.Nearest("zero-date-to-null"));

    [Fact]
    public void A_name_like_no_other_gets_none() => Assert.Null(TransformCatalog.Nearest("qqqqqqqqqq"));

    [Theory]
    [MemberData(nameof(AllNames))]
    public void A_transform_allocates_nothing_per_value(string name)
    {
        Assert.True(TransformCatalog.TryGet(name, out var transform));
        var input = Encoding.UTF8.GetBytes(GoodInput.GetValueOrDefault(name, "12"));
        Assert.Equal(0, Allocated(scratch => transform(input, scratch)));
    }

    [Theory]
    [InlineData("(empty-string-to-null (right-trim c))")]
    [InlineData("(zero-dates-to-null (date-with-no-separator c))")]
    [InlineData("(or (empty-string-to-null c) \"none\")")]
    [InlineData("(if (string= c \"N/A\") nil c)")]
    [InlineData("(when (and c (not (equal c \"x\"))) (string-trim \" \" c))")]
    public void A_chain_of_transforms_allocates_nothing_per_row(string text)
    {
        var expression = Eval.Compile(text, "a", "b", "c");
        var row = new TextRow("", null, "20041002152952  ");
        Assert.Equal(0, Allocated(scratch => expression(row, scratch)));
    }

    [Theory]
    [MemberData(nameof(AllNames))]
    public void Truncated_and_random_input_is_taken_or_refused_and_nothing_else(string name)
    {
        var random = new Random(name.Length * 31 + name[0]);
        var good = Encoding.UTF8.GetBytes(GoodInput.GetValueOrDefault(name, "12"));
        foreach (var kind in new[] { TransformInput.Text, TransformInput.Bytes })
        {
            for (var length = 0; length <= good.Length; length++)
            {
                Eval.Transform(name, good[..length], kind);
            }

            for (var i = 0; i < 2000; i++)
            {
                Eval.Transform(name, RandomBytes(random), kind);
            }
        }
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(0, 40)];
        const string Likely = "0123456789abcdefx-+:. ()',\\éT";
        if (random.Next(2) == 0)
        {
            random.NextBytes(bytes);
            return bytes;
        }

        return Encoding.UTF8.GetBytes(new string([.. bytes.Select(_ => Likely[random.Next(Likely.Length)])]));
    }

    // The least of some rounds: what the runtime itself allocates now and then is not the value's.
    private static long Allocated(Func<ArrayBufferWriter<byte>, FieldResult> run)
    {
        var scratch = new ArrayBufferWriter<byte>(1024);
        var least = long.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 500; i++)
            {
                scratch.ResetWrittenCount();
                run(scratch);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}

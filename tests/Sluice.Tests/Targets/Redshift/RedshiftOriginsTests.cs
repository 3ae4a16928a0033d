using System.Text;
using Sluice.Batches;
using Sluice.Targets.Redshift;

namespace Sluice.Tests.Targets.Redshift;

public sealed class RedshiftOriginsTests
{
    [Fact]
    public void Origins_are_found_by_the_number_of_their_row()
    {
        var random = new Random(8);
        var all = new List<RowOrigin>();
        using var origins = new RedshiftOrigins(Path.GetTempPath());
        var origin = new RowOrigin(0, 1, 0);
        for (var i = 0; i < 50_000; i++)
        {
            origins.Add(origin);
            all.Add(origin);
            origin = random.Next(1000) == 0
                ? new RowOrigin(origin.Input + 1, 1, random.Next(2) - 1)
                : origin with { Line = origin.Line + random.Next(-3, 9), ByteOffset = origin.ByteOffset < 0 ? -1 : origin.ByteOffset + random.NextInt64(1L << 40) };
        }

        long[] rows = [0, 1, 777, 20_000, 49_999];
        Assert.Equal(rows.Select(row => all[(int)row]), origins.Find(rows));
        Assert.Equal([all[5]], origins.Find([5]));
    }

    [Fact]
    public async Task Records_are_read_back_with_their_lines()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("1,a\n2,\"b\nc\r\nd\re\"\n3,\"x\"\"\n\"\n4,z\n"));
        var records = new RedshiftRecords(stream);
        var found = new List<(long Row, long First, long Last)>();
        while (await records.ReadAsync(TestContext.Current.CancellationToken))
        {
            found.Add((records.Row, records.FirstLine, records.LastLine));
        }

        Assert.Equal([(0, 1, 1), (1, 2, 5), (2, 6, 7), (3, 8, 8)], found);
    }

    [Fact]
    public async Task A_file_that_ends_within_a_row_is_not_taken_for_whole()
    {
        using var stream = new MemoryStream("1,a\n2,b"u8.ToArray());
        var records = new RedshiftRecords(stream);
        Assert.True(await records.ReadAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await records.ReadAsync(TestContext.Current.CancellationToken));
    }
}

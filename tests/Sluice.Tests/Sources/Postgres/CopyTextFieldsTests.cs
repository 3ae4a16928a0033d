using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Sources;
using Sluice.Sources.Postgres;

namespace Sluice.Tests.Sources.Postgres;

public sealed class CopyTextFieldsTests
{
    private static readonly Transform Upper = (utf8, scratch) =>
    {
        if (utf8.SequenceEqual("bad"u8))
        {
            throw new TransformException("no good");
        }

        scratch.Write(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8).ToUpperInvariant()));
        return utf8.IsEmpty ? FieldResult.Null : FieldResult.Replaced;
    };

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Fields_are_unescaped_and_changed(int piece)
    {
        var rows = Read("a\\tb\tx\n\\N\t\\N\n\\\\N\\n\\r\\v\\f\\b\\\\\t\n" + new string('y', 70_000) + "\tz\nlast\tbad\n", piece);
        Assert.Equal(["a\tb|X", "-|-", "\\N\n\r\v\f\b\\|-", new string('y', 70_000) + "|Z"], rows.Lines);
        Assert.Equal([1L, 2, 3, 4], rows.Origins.Select(origin => origin.Line));
        var (rejection, _) = Assert.Single(rows.Rejects);
        Assert.Equal((5L, "d", RejectStage.Transform, "no good"), (rejection.Origin.Line, rejection.Column, rejection.Stage, rejection.Message));
        Assert.Equal("last\tbad", rows.RejectedText[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_bytes_are_taken_apart_without_an_error(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => "\t\n\\Nabx"[random.Next(7)]));
            var rows = Read(text, random.Next(1, 9));
            Assert.Equal(text.Count(c => c == '\n'), rows.Rows.Count + rows.Rejects.Count);
        }
    }

    private static CollectingRowWriter Read(string text, int piece)
    {
        var columns = ImmutableArray.Create(
            new ReadColumn("c", "c", ReadColumnKind.Text, null), new ReadColumn("d", "d", ReadColumnKind.Text, _ => Upper));
        var fields = new CopyTextFields(columns, 0);
        var rows = new CollectingRowWriter();
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var start = 0; start < bytes.Length;)
        {
            var space = fields.Space();
            var length = Math.Min(Math.Min(piece, space.Length), bytes.Length - start);
            bytes.AsSpan(start, length).CopyTo(space.Span);
            start += length;
            fields.Advance(length);
            while (fields.WriteRows(rows))
            {
                rows.FlushAsync(CancellationToken.None).AsTask().Wait(TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal(text.Length > 0 && !text.EndsWith('\n'), fields.HasRest);
        return rows;
    }
}

using System.Collections.Immutable;
using System.Text;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Sources;
using Sluice.Sources.Redshift;

namespace Sluice.Tests.Sources.Redshift;

public sealed class UnloadedRowsTests
{
    private const string Marker = "sluice-null-0123";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Null_the_empty_text_and_what_looks_like_a_marker_differ(int piece)
    {
        var rows = Read($"{Marker}||\\\\N\n\\{Marker}|a\\|b\\\\|c\\\nd\\\re\n|{new string('y', 70_000)}|NULL\n", 3, piece);
        Assert.Equal(["-|''|\\N", $"{Marker}|a|b\\|c\nd\re", $"''|{new string('y', 70_000)}|NULL"], rows.Lines);
        Assert.Equal([1L, 2, 3], rows.Origins.Select(origin => origin.Line));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_texts_come_back_whatever_pieces_they_arrive_in(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var columns = random.Next(1, 4);
            var values = Enumerable.Range(0, random.Next(6)).Select(_ => Enumerable.Range(0, columns)
                .Select(_ => random.Next(5) == 0 ? null : string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "|\\\n\r\tNé\""[random.Next(8)]))).ToArray()).ToArray();
            var text = string.Concat(values.Select(row => string.Join('|', row.Select(Escaped)) + "\n"));
            Assert.Equal(values, Read(text, columns, random.Next(1, 9)).Rows);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_bytes_are_taken_apart_or_said_to_be_damaged(int seed)
    {
        var random = new Random(seed);
        var damaged = 0;
        for (var i = 0; i < 500; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => "|\n\\Nab"[random.Next(6)]));
            try
            {
                Assert.All(Read(text, 2, random.Next(1, 9)).Rows, row => Assert.Equal(2, row.Length));
            }
            catch (FormatException)
            {
                damaged++;
            }
        }

        Assert.InRange(damaged, 1, 499);
    }

    [Theory]
    [InlineData("a|b\nc|d", true)]
    [InlineData("a|b\\\n", true)]
    [InlineData("a|b\n", false)]
    [InlineData("", false)]
    public void A_line_without_an_end_is_seen(string text, bool hasRest)
    {
        var rows = new UnloadedRows(Fields(2), Marker, 0);
        Encoding.UTF8.GetBytes(text).CopyTo(rows.Space());
        rows.Advance(text.Length);
        Assert.False(rows.WriteRows(new CollectingRowWriter()));
        Assert.Equal(hasRest, rows.HasRest);
    }

    [Theory]
    [InlineData("a\n")]
    [InlineData("a|b|c\n")]
    [InlineData("a\\|b\n")]
    public void Another_number_of_fields_is_damage(string text) => Assert.Throws<FormatException>(() => Read(text, 2, 100));

    [Fact]
    public void Bytes_are_hexadecimal_digits_and_a_transform_is_handed_what_they_stand_for()
    {
        var bytes = new RedshiftFields([new ReadColumn("vb", "vb", ReadColumnKind.Bytes, null)], Table("varbyte(10)", "vb"));
        var rows = new CollectingRowWriter();
        bytes.Write(rows, 0, "00fF"u8);
        rows.EndRow(default);
        bytes.Write(rows, 0, ""u8);
        rows.EndRow(default);
        Assert.Equal(["\\x00ff", "\\x"], rows.Rows.Select(row => row[0]));
        Assert.Throws<TransformException>(() => bytes.Write(rows, 0, "0g"u8));
        var seen = new List<string>();
        Transform look = (value, _) =>
        {
            seen.Add(Convert.ToHexString(value));
            return FieldResult.Unchanged;
        };
        var changed = new RedshiftFields([new ReadColumn("vb", "vb", ReadColumnKind.Text, input => input == TransformInput.Bytes ? look : throw new InvalidOperationException())], Table("varbyte(10)", "vb"));
        changed.Write(new CollectingRowWriter(), 0, "616263"u8);
        Assert.Equal(["616263"], seen);
    }

    [Fact]
    public void A_row_that_a_transform_refuses_is_set_aside_as_it_was()
    {
        Transform refuse = (_, _) => throw new TransformException("no good");
        var fields = new RedshiftFields(
            [new ReadColumn("a", "a", ReadColumnKind.Text, null), new ReadColumn("b", "b", ReadColumnKind.Text, _ => refuse)],
            new RedshiftTable { Name = new("s", "t"), Types = ImmutableDictionary<string, RedshiftType>.Empty.Add("a", RedshiftType.Parse("integer")).Add("b", RedshiftType.Parse("integer")) });
        var parser = new UnloadedRows(fields, Marker, 3);
        var rows = new CollectingRowWriter();
        "1|x\\|y\n"u8.CopyTo(parser.Space().Span);
        parser.Advance(7);
        parser.WriteRows(rows);
        var (rejection, _) = Assert.Single(rows.Rejects);
        Assert.Equal((1L, 3, "b", RejectStage.Transform, "no good"), (rejection.Origin.Line, rejection.Origin.Input, rejection.Column, rejection.Stage, rejection.Message));
        Assert.Equal("1|x\\|y", rows.RejectedText[0]);
        Assert.Equal(1, parser.Rows);
    }

    private static string Escaped(string? value) => value is null ? Marker : string.Concat(value.Select(c => c is '|' or '\\' or '\n' or '\r' ? $"\\{c}" : $"{c}"));

    private static RedshiftTable Table(string type, params string[] columns) =>
        new() { Name = new QualifiedName("s", "t"), Types = columns.ToImmutableDictionary(column => column, _ => RedshiftType.Parse(type)) };

    private static RedshiftFields Fields(int columns)
    {
        var names = Enumerable.Range(0, columns).Select(i => $"c{i}").ToArray();
        return new RedshiftFields([.. names.Select(name => new ReadColumn(name, name, ReadColumnKind.Text, null))], Table("character varying(10)", names));
    }

    private static CollectingRowWriter Read(string text, int columns, int piece)
    {
        var parser = new UnloadedRows(Fields(columns), Marker, 0);
        var rows = new CollectingRowWriter();
        ReadOnlyMemory<byte> left = Encoding.UTF8.GetBytes(text);
        while (!left.IsEmpty)
        {
            var space = parser.Space();
            var length = Math.Min(piece, Math.Min(left.Length, space.Length));
            left[..length].CopyTo(space);
            left = left[length..];
            parser.Advance(length);
            while (parser.WriteRows(rows))
            {
                rows.FlushAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
        }

        return rows;
    }
}

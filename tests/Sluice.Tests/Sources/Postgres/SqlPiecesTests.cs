using Sluice.Catalog;
using Sluice.Sources.Postgres;

namespace Sluice.Tests.Sources.Postgres;

public sealed class SqlPiecesTests
{
    private static readonly HashSet<string> Columns = ["a", "b", "Odd \"name\"", "text", "year", "true", "date"];

    // Columns in braces, objects in brackets.
    [Theory]
    [InlineData("((a > 0) AND (b IS NOT NULL))", "(({a} > 0) AND ({b} IS NOT NULL))")]
    [InlineData("(\"Odd \"\"name\"\"\" = 'a')", "({Odd \"name\"} = 'a')")]
    [InlineData("((a)::text ~ 'x'::text)", "(({a})::text ~ 'x'::text)")]
    [InlineData("(text = ANY (ARRAY['a'::text, 'b'::text]))", "({text} = ANY (ARRAY['a'::text, 'b'::text]))")]
    [InlineData("(a)::timestamp(3) without time zone", "({a})::timestamp(3) without time zone")]
    [InlineData("(a = 'x'::public.mood)", "({a} = 'x'::[public.mood])")]
    [InlineData("(ARRAY['x'::\"S 1\".\"M\"[]])", "(ARRAY['x'::[S 1.M][]])")]
    [InlineData("nextval('public.q'::regclass)", "nextval([public.q]::regclass)")]
    [InlineData("nextval('\"S\".\"q''\"'::regclass)", "nextval([S.q']::regclass)")]
    [InlineData("nextval('q'::regclass)", "nextval('q'::regclass)")]
    [InlineData("EXTRACT(year FROM date)", "EXTRACT(year FROM {date})")]
    [InlineData("(SUBSTRING(a FROM 2) = year)", "(SUBSTRING({a} FROM 2) = {year})")]
    [InlineData("(a = true)", "({a} = true)")]
    [InlineData("(\"true\" = false)", "({true} = false)")]
    [InlineData("((a).b = 1)", "(({a}).b = 1)")]
    [InlineData("pg_catalog.lower(a)", "pg_catalog.lower({a})")]
    [InlineData("ext.lower(a)", "[ext.lower]({a})")]
    [InlineData("(a COLLATE \"b\")", "({a} COLLATE \"b\")")]
    [InlineData("(E'a\\'b' = a)", "(E'a\\'b' = {a})")]
    [InlineData("CREATE UNIQUE INDEX a ON ONLY public.t USING btree (a b DESC, lower(b) text) WHERE (b > 0)", "CREATE UNIQUE INDEX [.a] ON ONLY [public.t] USING btree ({a} b DESC, lower({b}) text) WHERE ({b} > 0)")]
    [InlineData("", "")]
    public void Columns_and_objects_stand_apart(string sql, string expected)
    {
        var pieces = SqlPieces.Read(sql, Columns).Pieces!.Value;
        Assert.Equal(expected, string.Concat(pieces.Select(piece =>
            piece.IsColumn ? $"{{{piece.Text}}}" : piece.Object is { } name ? $"[{name.Schema}.{name.Name}]" : piece.Text)));
        Assert.Equal(sql, string.Concat(pieces.Select(piece => piece.IsColumn ? Written(sql, piece.Text) : piece.Text)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Cut_off_and_jumbled_text_is_kept_as_it_is(int seed)
    {
        var random = new Random(seed);
        string[] parts = ["a", "\"b", "\"", "'", "''", "E'\\", "::", ".", "(", ")", "regclass", "public", "'public.q'", " ", "INDEX", "FROM", "é", "$", "=>", "1.5e3", "::text"];
        for (var i = 0; i < 2000; i++)
        {
            var sql = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            foreach (var piece in SqlPieces.Read(sql, Columns).Pieces!.Value.Where(piece => !piece.IsColumn && piece.Object is null))
            {
                Assert.Contains(piece.Text, sql, StringComparison.Ordinal);
            }
        }
    }

    private static string Written(string sql, string column) => sql.Contains(Identifier.Quote(column), StringComparison.Ordinal) && column != "b" ? Identifier.Quote(column) : column;
}

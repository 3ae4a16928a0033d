using Sluice.Sources;
using Sluice.Sources.Sqlite;

namespace Sluice.Tests.Sources.Sqlite;

/// <summary>A table in ranges of its row numbers.</summary>
public sealed class SqliteRangeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SELECT i, i FROM n")]
    [InlineData("SELECT i * 1000003 - 9, i FROM n")]
    [InlineData("SELECT CASE WHEN i < 60 THEN i ELSE i + 1000000000000 END, i FROM n")]
    [InlineData("SELECT -i, i FROM n")]
    public async Task Every_row_is_in_one_range_with_its_number(string select)
    {
        using var file = new SqliteTestFile(
            $"CREATE TABLE t (v INT, rowid TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO t (oid, v) {select}");
        var (units, rows) = await ReadAsync(file, "t", "v", 7);
        Assert.InRange(units, 2, 7);
        Assert.Equal(Enumerable.Range(1, 100_000).Select(i => $"{i}"), rows.Select(row => row.Value).OrderBy(value => value.Length).ThenBy(value => value, StringComparer.Ordinal));
        Assert.Equal(100_000, rows.Select(row => row.Place).Distinct().Count());
        if (select.StartsWith("SELECT -i", StringComparison.Ordinal))
        {
            Assert.All(rows, row => Assert.Equal($"-{row.Value}", $"{row.Place}"));
        }
    }

    [Fact]
    public async Task The_first_and_the_last_number_there_can_be_are_in_a_range()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (-9223372036854775808), (-1), (0), (1), (9223372036854775807)");
        var (units, rows) = await ReadAsync(file, "t", "id", 5);
        Assert.Equal(5, units);
        Assert.Equal(["-9223372036854775808", "-1", "0", "1", "9223372036854775807"], rows.Select(row => row.Value));
    }

    [Theory]
    [InlineData("CREATE TABLE t (v INT PRIMARY KEY) WITHOUT ROWID", "t")]
    [InlineData("CREATE TABLE t (v INT, rowid, _rowid_, oid)", "t")]
    [InlineData("CREATE TABLE o (v INT); CREATE VIEW t AS SELECT v FROM o", "o")]
    public async Task What_has_no_row_numbers_is_one_piece(string create, string filled)
    {
        using var file = new SqliteTestFile($"{create}; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO {filled} (v) SELECT i FROM n");
        var (units, rows) = await ReadAsync(file, "t", "v", 7);
        Assert.Equal((1, 100), (units, rows.Count));
    }

    [Fact]
    public async Task An_empty_table_is_one_piece()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (v INT)");
        Assert.Equal(1, (await ReadAsync(file, "t", "v", 7)).Units);
    }

    [Fact]
    public async Task Rows_that_an_index_lost_are_read()
    {
        using var file = new SqliteTestFile(
            """
            CREATE TABLE t (v INT, w TEXT);
            CREATE INDEX i ON t (v) WHERE v < 0;
            INSERT INTO t VALUES (1, 'a'), (2, 'b');
            PRAGMA writable_schema = 1;
            UPDATE sqlite_schema SET sql = 'CREATE INDEX i ON t (v)' WHERE name = 'i';
            """);
        Assert.Equal(2, (await ReadAsync(file, "t", "v", 1)).Rows.Count);
    }

    private static async Task<(int Units, List<(string Value, long Place)> Rows)> ReadAsync(SqliteTestFile file, string table, string column, int most)
    {
        await using var source = await SqliteSource.OpenAsync(file.Path, 1, Ct);
        await source.ReadCatalogAsync(Ct);
        await using var reading = source.OpenTable(new TableReading { Table = new(null, table), Columns = [new(column, column, default, null)], MaxUnits = most }, 0);
        var units = await reading.SplitAsync(Ct);
        Assert.Equal(Enumerable.Range(0, units.Count), units.Select(unit => unit.Index));
        var found = new List<(string, long)>();
        foreach (var unit in units)
        {
            var rows = new CollectingRowWriter();
            await reading.ReadAsync(unit, rows, Ct);
            Assert.All(rows.Origins, origin => Assert.Equal(unit.Index, origin.Input));
            found.AddRange(rows.Lines.Zip(rows.Origins, (line, origin) => (line, origin.Line)));
        }

        return (units.Count, found);
    }
}

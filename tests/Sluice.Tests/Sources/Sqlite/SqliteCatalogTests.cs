using Sluice.Catalog;

namespace Sluice.Tests.Sources.Sqlite;

public sealed class SqliteCatalogTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Columns_have_their_types_defaults_and_not_null()
    {
        var table = await TableAsync("CREATE TABLE t (a DECIMAL(10, 2) NOT NULL DEFAULT -1.5, b UNSIGNED BIG INT, c, d TEXT DEFAULT (datetime('now')))");
        Assert.Equal(["a", "b", "c", "d"], table.Columns.Select(column => column.Name));
        Assert.Equal(
            ("decimal", 10, 2, true, "-1.5"),
            (table.Columns[0].TypeName, table.Columns[0].Precision, table.Columns[0].Scale, table.Columns[0].IsNotNull, table.Columns[0].Default?.Text));
        Assert.Equal(("big int", true), (table.Columns[1].TypeName, table.Columns[1].IsUnsigned));
        Assert.Equal(("", ""), (table.Columns[2].TypeName, table.Columns[2].DeclaredType));
        Assert.Equal(DefaultKind.CurrentTimestamp, table.Columns[3].Default?.Kind);
    }

    [Theory]
    [InlineData("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", true)]
    [InlineData("CREATE TABLE t (id INTEGER PRIMARY KEY)", false)]
    [InlineData("CREATE TABLE t (id INTEGER PRIMARY KEY, \"autoincrement\" TEXT) -- AUTOINCREMENT", false)]
    [InlineData("CREATE TABLE t (id INTEGER PRIMARY KEY /* AUTOINCREMENT */, x TEXT DEFAULT 'AUTOINCREMENT')", false)]
    [InlineData("CREATE TABLE t (id INTEGER CONSTRAINT pk PRIMARY KEY ASC AUTOINCREMENT, x INT)", true)]
    public async Task Only_the_keyword_autoincrement_makes_a_sequence(string sql, bool isNumbered)
    {
        var table = await TableAsync(sql);
        Assert.Equal(isNumbered, table.Columns[0].IsAutoIncrement);
        Assert.Equal(["id"], table.PrimaryKey?.Columns);
    }

    [Theory]
    [InlineData("CREATE TABLE t (id INTEGER PRIMARY KEY, x INT)", true)]
    [InlineData("CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT)", true)]
    [InlineData("CREATE TABLE t (id INTEGER, x INT, PRIMARY KEY (id))", true)]
    [InlineData("CREATE TABLE t (id INT PRIMARY KEY)", false)]
    [InlineData("CREATE TABLE t (id INTEGER PRIMARY KEY DESC)", false)]
    [InlineData("CREATE TABLE t (id INTEGER UNIQUE, x INT)", false)]
    [InlineData("CREATE TABLE t (id INTEGER, x INT, PRIMARY KEY (id, x))", false)]
    [InlineData("CREATE TABLE t (id INTEGER UNIQUE PRIMARY KEY DESC, x INT)", false)]
    public async Task Only_the_number_of_the_row_is_known_to_be_never_null(string sql, bool isNeverNull)
    {
        var table = await TableAsync(sql);
        Assert.Equal((isNeverNull, false), (table.Columns[0].IsNeverNull, table.Columns[0].IsNotNull));
        Assert.DoesNotContain(table.Columns.Skip(1), column => column.IsNeverNull);
    }

    [Fact]
    public async Task A_key_of_several_columns_keeps_its_own_order()
    {
        var table = await TableAsync("CREATE TABLE t (a INT, b INT, c INT UNIQUE, PRIMARY KEY (b, a), UNIQUE (c, a)) WITHOUT ROWID");
        Assert.Equal(["b", "a"], table.PrimaryKey?.Columns);
        Assert.Equal(["c", "c,a"], table.UniqueKeys.Select(key => string.Join(',', key.Columns)));
        Assert.Empty(table.Indexes);
        Assert.Null(table.EstimatedRows);
    }

    [Fact]
    public async Task Indexes_have_directions_conditions_and_expressions()
    {
        var table = await TableAsync(
            """
            CREATE TABLE t (a INT, b TEXT);
            CREATE UNIQUE INDEX i1 ON t (b COLLATE nocase DESC, a) WHERE a = 1 AND "b" IS NOT NULL;
            CREATE INDEX i2 ON t (lower(b), substr(b, 1, 2));
            """);
        var first = table.Indexes.Single(index => index.Name == "i1");
        Assert.True(first.IsUnique);
        Assert.Equal([("b", true), ("a", false)], first.Parts.Select(part => (part.Column!, part.IsDescending)));
        Assert.Equal("a = '1' and b is not null", string.Join(' ', first.Where!.Pieces!.Value.Select(piece => piece.Text)));
        var second = table.Indexes.Single(index => index.Name == "i2");
        Assert.Equal("lower ( b )", string.Join(' ', second.Parts[0].Expression!.Pieces!.Value.Select(piece => piece.Text)));
        Assert.Equal(("substr(b, 1, 2)", null), (second.Parts[1].Expression!.Text, second.Parts[1].Expression!.Pieces));
    }

    [Fact]
    public async Task Foreign_keys_have_their_columns_and_actions()
    {
        var table = await TableAsync(
            """
            CREATE TABLE t (a INT, b INT, c INT REFERENCES p ON DELETE SET NULL, FOREIGN KEY (a, b) REFERENCES q (x, y) ON UPDATE CASCADE ON DELETE RESTRICT);
            """);
        Assert.Equal(
            [("c", "p", "", ForeignKeyAction.NoAction, ForeignKeyAction.SetNull), ("a,b", "q", "x,y", ForeignKeyAction.Cascade, ForeignKeyAction.Restrict)],
            table.ForeignKeys.Select(key => (string.Join(',', key.Columns), key.References.Name, string.Join(',', key.ReferencedColumns), key.OnUpdate, key.OnDelete)));
    }

    [Fact]
    public async Task What_is_not_carried_over_is_listed_with_its_reason()
    {
        using var file = new SqliteTestFile(
            """
            CREATE TABLE t (a INT CHECK (a > 0), g AS (a * 2), d INT DEFAULT (abs(-1)), n TEXT COLLATE "NOCASE" /* collate x */, m TEXT COLLATE BINARY REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED);
            CREATE VIEW v AS SELECT * FROM t;
            CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END;
            CREATE VIRTUAL TABLE f USING fts5(body);
            CREATE INDEX i ON t (n COLLATE NOCASE);
            """);
        var catalog = await file.CatalogAsync(Ct);
        Assert.Equal("t", Assert.Single(catalog.Tables).Name.Name);
        var listed = catalog.Uncarried.Select(item => $"{item.Kind} {item.Name}").ToHashSet();
        Assert.Superset(
            new HashSet<string> { "check t", "generated column t.g", "default t.d", "view v", "trigger r", "virtual table f", "collation i.n", "collation t", "deferral t" }, listed);
        Assert.Equal(1, catalog.Uncarried.Count(item => item is { Kind: "collation", Name: "t" }));
        Assert.All(catalog.Uncarried, item => Assert.NotEmpty(item.Reason));
        Assert.True(catalog.Tables[0].Columns[1].IsGenerated);
    }

    [Fact]
    public async Task Rows_are_estimated_by_the_last_row_s_number()
    {
        Assert.Equal(0, (await TableAsync("CREATE TABLE t (a INT)")).EstimatedRows);
        Assert.Equal(2, (await TableAsync("CREATE TABLE t (a INT); INSERT INTO t VALUES (7), (8)")).EstimatedRows);
        Assert.Null((await TableAsync("CREATE TABLE t (rowid TEXT, _rowid_ TEXT, oid TEXT); INSERT INTO t VALUES ('x', 'y', 'z')")).EstimatedRows);
    }

    private static async Task<TableModel> TableAsync(string sql)
    {
        using var file = new SqliteTestFile(sql);
        return (await file.CatalogAsync(Ct)).Tables.Single(table => table.Name.Name == "t");
    }
}

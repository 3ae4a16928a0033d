using System.Text;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Whole databases, compared in everything: rows, values, columns, defaults, keys, indexes, sequences. And names of every kind.</summary>
public sealed class SqliteWholeTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_chinook_database_has_all_its_keys_indexes_defaults_and_sequences()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().With("chinook.db", await File.ReadAllBytesAsync(SqliteLoadTests.Chinook(), Ct));
        (await folder.RunAsync(["--with", "schema only", "chinook.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal(SchemaLines.OfSource(folder["chinook.db"], Folded), await SchemaLines.OfTargetAsync(database, Ct));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_generated_database_of_oddities_arrives_whole(int seed)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE canary (v int)", Ct);
        using var folder = new LoadFolder().WithSqlite("odd.db", new SqliteOddities(seed).Sql());
        (await folder.RunAsync(["odd.db", database.Uri], Ct)).ExitsWith(0);
        await database.ExecuteAsync("DROP TABLE canary", Ct);
        Assert.Equal(SqliteFixture.Tables(folder["odd.db"]).Sum(table => SqliteFixture.Rows(folder["odd.db"], $"SELECT 1 FROM \"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"").Count()),
            await SqliteLoadTests.CompareAsync(folder["odd.db"], database, Folded));
        Assert.Equal(SchemaLines.OfSource(folder["odd.db"], Folded), await SchemaLines.OfTargetAsync(database, Ct));
    }

    [Fact]
    public async Task Oddities_fit_into_the_tables_that_they_made_in_one_transaction_without_indexes()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("odd.db", new SqliteOddities(4).Sql());
        (await folder.RunAsync(["--with", "schema only", "odd.db", database.Uri], Ct)).ExitsWith(0);
        (await folder.RunAsync(["--with", "data only, drop indexes, truncate, single transaction", "odd.db", database.Uri], Ct)).ExitsWith(0);
        await SqliteLoadTests.CompareAsync(folder["odd.db"], database, Folded);
        Assert.Equal(SchemaLines.OfSource(folder["odd.db"], Folded), await SchemaLines.OfTargetAsync(database, Ct));
    }

    [Fact]
    public async Task Names_that_become_the_same_are_all_said_before_anything_is_done()
    {
        var longName = new string('x', 70);
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "names.db", $"CREATE TABLE \"a$b\" (\"c$d\" INT, c_d INT); CREATE TABLE a_b (v INT); CREATE TABLE {longName}1 ({longName}1 INT, {longName}2 INT); CREATE TABLE {longName}2 (v INT);");
        (await folder.RunAsync(["names.db", database.Uri], Ct)).ExitsWith(1)
            .Says("table a_b would be a second public.a_b").Says("columns c$d and c_d of a$b would both be c_d")
            .Says($"table {longName}2 would be a second public.{longName[..63]}").Says($"columns {longName}1 and {longName}2 of {longName}1 would both be {longName[..63]}");
        Assert.Equal(0, await database.CountAsync("pg_class WHERE relnamespace = 'public'::regnamespace", Ct));
        (await folder.RunAsync(["--with", "quote identifiers", "names.db", database.Uri], Ct)).ExitsWith(1).DoesNotSay("a_b").Says($"{longName}2 would be");
    }

    [Theory]
    [InlineData("downcase identifiers", "playerid|mixed Name|xml_file|tablename")]
    [InlineData("quote identifiers", "playerID|mixed Name|XML_File|TableName")]
    [InlineData("snake_case identifiers", "player_id|mixed Name|xml_file|table_name")]
    public async Task The_case_of_names_is_as_asked_for(string option, string expected)
    {
        var names = expected.Split('|');
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "c.db", "CREATE TABLE TableName (playerID INTEGER PRIMARY KEY, \"mixed Name\" TEXT UNIQUE, XML_File INT REFERENCES tablename); CREATE INDEX ByFile ON TableName (XML_File); INSERT INTO TableName VALUES (1, 'a', 1);");
        (await folder.RunAsync(["--with", option, "c.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal(string.Join('|', names[..3]), await database.QueryAsync($"SELECT string_agg(attname, '|' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '\"{names[3]}\"'::regclass AND attnum > 0", Ct));
        Assert.Equal("1|a|1", await database.QueryAsync($"SELECT * FROM \"{names[3]}\"", Ct));
        Assert.Equal(3, await database.CountAsync("pg_constraint WHERE contype IN ('p', 'u', 'f') AND convalidated AND connamespace = 'public'::regnamespace", Ct));
    }

    // Plain names become lower-case, all are cut after the last character that fits into 63 bytes.
    private static string Folded(string name)
    {
        var folded = name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$') && name[0] != '$' && !char.IsAsciiDigit(name[0]) ? name.ToLowerInvariant().Replace('$', '_') : name;
        while (Encoding.UTF8.GetByteCount(folded) > 63)
        {
            folded = folded[..^1];
        }

        return folded;
    }
}

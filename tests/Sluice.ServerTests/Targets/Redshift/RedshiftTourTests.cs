using System.Text.RegularExpressions;
using Sluice.Diagnostics;
using Sluice.ServerTests.Loads;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>What docs/redshift.md shows, run word for word but for the addresses of the server and the bucket.</summary>
public sealed partial class RedshiftTourTests(RedshiftServers servers)
{
    private const string Shop =
        """
        CREATE TABLE countries (code TEXT PRIMARY KEY, name TEXT);
        CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL, country TEXT REFERENCES countries (code));
        INSERT INTO countries VALUES ('de', 'Deutschland'), ('fr', 'France');
        INSERT INTO orders VALUES (3, 10, 'de'), (7, 11, NULL);
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_loaded()
    {
        using var load = await servers.OpenAsync(Ct, "tour-file");
        await load.ExecuteAsync("CREATE TABLE public.orders (id integer, item varchar(20))", Ct);
        load.With("orders.csv", "id,item\n1,chair\n2,\"table, round\"\n");
        var command = Assert.Single(Blocks(load, "load"), block => block.StartsWith("LOAD CSV", StringComparison.Ordinal));
        var result = await load.RunAsync(command, Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal("1|chair\n2|table, round", await load.QueryAsync("SELECT * FROM orders ORDER BY id", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task A_database_is_migrated()
    {
        using var migration = new MigrationCase(await servers.OpenAsync(Ct, "tour-database"), Shop);
        var load = migration.Load;
        File.Move(migration.File, load.Path("shop.db"));
        var command = Assert.Single(Blocks(load, "load"), block => block.StartsWith("LOAD DATABASE", StringComparison.Ordinal));
        var result = await load.RunAsync(command, Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal("3|10|de\n7|11|\\N", await load.QueryAsync("SELECT * FROM orders ORDER BY id", Ct));
        Assert.Equal("de|Deutschland\nfr|France", await load.QueryAsync("SELECT * FROM countries ORDER BY code", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task A_database_is_planned_and_migrated_from_the_command_line()
    {
        using var migration = new MigrationCase(await servers.OpenAsync(Ct, "tour-program"), "");
        var load = migration.Load;
        var commands = Assert.Single(Blocks(load, "sh"), block => block.StartsWith("sluice plan", StringComparison.Ordinal)).Trim().Split('\n');
        Assert.Equal(2, commands.Length);
        using var folder = new LoadFolder().WithSqlite("shop.db", Shop);

        (await folder.RunAsync(Words(commands[0]), Ct, null, load.ProgramEnvironment())).ExitsWith(0).Says("orders");
        Assert.Equal("0", await load.QueryAsync("SELECT count(*) FROM pg_class WHERE relname = 'orders'", Ct));

        (await folder.RunAsync(Words(commands[1]), Ct, null, load.ProgramEnvironment())).ExitsWith(0);
        Assert.Equal("2|18", await load.QueryAsync("SELECT (SELECT count(*) FROM countries), (SELECT sum(id) + 8 FROM orders)", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    // The address of the page has no query or one: what the case's own address says goes before it.
    private static List<string> Blocks(RedshiftCase load, string language)
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs/redshift.md"))
            .Replace("redshift://loader@cluster.example/warehouse?", load.Uri + "&", StringComparison.Ordinal)
            .Replace("redshift://loader@cluster.example/warehouse", load.Uri, StringComparison.Ordinal)
            .Replace("my-loads", load.Bucket, StringComparison.Ordinal);
        return [.. Block().Matches(page).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["text"].Value)];
    }

    // After the program's name.
    private static IEnumerable<string> Words(string command) => command.Split(' ').Skip(1).Select(word => word.Trim('\''));

    private static string Root([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../../.."));

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}

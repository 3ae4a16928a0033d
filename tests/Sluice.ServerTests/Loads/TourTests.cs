using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>The tours of README.md and docs/getting-started.md, word for word but for the address of the server.</summary>
public sealed partial class TourTests(PostgresServer server)
{
    private const string Address = "postgresql://me@localhost/shop?customer";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_readme_s_minute_loads_a_file_and_a_command()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, born date)", Ct);
        var page = Page("README.md", database);
        var commands = Commands(page);
        Assert.Equal(4, commands.Count);
        using var folder = new LoadFolder()
            .With("data.csv", "id,name\n1,Ada\n2,Grace\n")
            .With("customers.csv", Encoding.Latin1.GetBytes(Customers()))
            .With("customers.load", Block(page, "load"));

        (await folder.RunAsync(commands[0], Ct)).ExitsWith(0).Says("Loaded 2 rows");
        Assert.Equal("1|Ada|\\N\n2|Grace|\\N", await database.QueryAsync("SELECT * FROM customer ORDER BY id", Ct));

        (await folder.RunAsync(commands[1], Ct)).ExitsWith(0);
        (await folder.RunAsync(commands[2], Ct)).ExitsWith(0).Says("Plan: CSV");
        Assert.Equal(2, await database.CountAsync("customer", Ct));

        (await folder.RunAsync(commands[3], Ct)).ExitsWith(3).Says("read 201 = loaded 200 + rejected 1 + skipped 0");
        Assert.Equal("200|J\u00fcrgen|2000-05-01|1", await database.QueryAsync(
            "SELECT count(*), min(name), min(born), count(*) FILTER (WHERE born IS NULL) FROM customer", Ct));
        Assert.StartsWith("201\tJ\u00fcrgen\t2000-02-31", folder.Rejects("dat"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Getting_started_ends_as_it_says()
    {
        await using var database = await server.CreateDatabaseAsync();
        var page = Page("docs/getting-started.md", database);
        await database.ExecuteAsync(Block(page, "sql"), Ct);
        var commands = Commands(page);
        Assert.Equal(3, commands.Count);
        using var folder = new LoadFolder()
            .With("customers.csv", Block(page, ""))
            .With("customers.load", Block(page, "load"));

        (await folder.RunAsync(commands[0], Ct)).ExitsWith(0);
        (await folder.RunAsync(commands[1], Ct)).ExitsWith(0);
        Assert.Equal(0, await database.CountAsync("customer", Ct));

        (await folder.RunAsync(commands[2], Ct)).ExitsWith(3);
        Assert.Equal("1|Ada Lovelace|1815-12-10\n2|Hopper; Grace|1906-12-09", await database.QueryAsync("SELECT * FROM customer ORDER BY id", Ct));
        Assert.Equal("3\tNobody\t1999-02-31 00:00:00\n", folder.Rejects("dat"));
        Assert.Contains("\"line\":4", folder.Rejects("jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_on_sqlite_plans_and_loads_a_database()
    {
        await using var database = await server.CreateDatabaseAsync();
        var page = (await File.ReadAllTextAsync(Path.Combine(Root(), "docs/sqlite.md"), Ct)).Replace("postgresql:///shop", database.Uri, StringComparison.Ordinal);
        var commands = Commands(page);
        Assert.Equal(2, commands.Count);
        using var folder = new LoadFolder().With("shop.load", Block(page, "load")).WithSqlite(
            "shop.db",
            "CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, total REAL, placed_at INTEGER); INSERT INTO orders VALUES (1, 0.123456789, 86400); CREATE TABLE tmp1 (a);");

        (await folder.RunAsync(commands[0], Ct)).ExitsWith(0).Says("-> bigserial");
        Assert.Equal(0, await database.CountAsync("pg_tables WHERE schemaname = 'public'", Ct));

        (await folder.RunAsync(commands[1], Ct)).ExitsWith(0);
        Assert.Equal("86400", await database.QueryAsync("SELECT placed_at FROM orders", Ct));
        Assert.Equal(2, await database.CountAsync("pg_tables WHERE schemaname = 'public'", Ct));

        await database.ExecuteAsync("DROP TABLE tmp1", Ct);
        (await folder.RunAsync(["shop.load"], Ct)).ExitsWith(0);
        Assert.Equal("0.123456789|1970-01-02 00:00:00", await database.QueryAsync("SELECT total, placed_at AT TIME ZONE 'UTC' FROM orders", Ct));
        Assert.Equal("orders", await database.QueryAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", Ct));
    }

    // 199 good rows, one without a date, one with a day that does not exist.
    private static string Customers()
    {
        var text = new StringBuilder("id;name;born\n");
        for (var i = 1; i <= 199; i++)
        {
            text.Append(i).Append(";J\u00fcrgen;01/05/2000\n");
        }

        return text.Append("200;J\u00fcrgen; \n201;J\u00fcrgen;31/02/2000\n").ToString();
    }

    private static string Page(string path, TestDatabase database)
    {
        var text = File.ReadAllText(Path.Combine(Root(), path));
        Assert.Contains(Address, text, StringComparison.Ordinal);
        return text.Replace(Address, database.Uri + "&customer", StringComparison.Ordinal);
    }

    private static string Block(string page, string kind) => Fenced().Matches(page).First(match => match.Groups[1].Value == kind).Groups[2].Value;

    // The words after `sluice`; the folder for rejects is the test's.
    private static List<string[]> Commands(string page) =>
    [
        .. from block in Fenced().Matches(page)
           where block.Groups[1].Value == "sh"
           from line in block.Groups[2].Value.Split('\n')
           where line.StartsWith("sluice ", StringComparison.Ordinal)
           select Word().Matches(Comment().Replace(line, "").Replace("--root-dir rejects ", "", StringComparison.Ordinal))
               .Select(word => word.Value.Trim('\'')).Skip(1).ToArray(),
    ];

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));

    [GeneratedRegex("^```([a-z]*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("'[^']*'|[^ ]+")]
    private static partial Regex Word();

    [GeneratedRegex(" +#.*$")]
    private static partial Regex Comment();
}

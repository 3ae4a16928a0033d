using System.Globalization;
using System.Text;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>
/// A password shows nowhere: not on the terminal, not in the log or any other file of the run, not in the summary; not with
/// <c>--debug</c>, and not when the load fails.
/// </summary>
public sealed class SecretTests(PostgresServer server)
{
    private const string Secret = PostgresInstance.Password;
    private const string Wrong = "wr0ng-Pa55:word";

    private static readonly string Escaped = Uri.EscapeDataString(Secret);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("uri")]
    [InlineData("doubled uri")]
    [InlineData("parameter")]
    [InlineData("keywords")]
    [InlineData("variable")]
    [InlineData("template")]
    [InlineData("pgpass")]
    [InlineData("service")]
    public async Task However_a_password_comes_it_is_used_and_never_shown(string way)
    {
        await using var database = await TableAsync();
        using var folder = new LoadFolder().With("data.csv", "1\n2\nx\n");
        (await LoadAsync(folder, database, way, Secret, "t")).ExitsWith(3);
        Assert.Equal(2, await database.CountAsync("t", Ct));
        (await LoadAsync(folder, database, way, Secret, "missing")).ExitsWith(1).Says("missing");
        ShowsNothing(folder);
        (await LoadAsync(folder, database, way, Wrong, "t")).ExitsWith(1).Says(PostgresInstance.PasswordUser);
        ShowsNothing(folder);
    }

    [Fact]
    public async Task On_the_command_line_it_is_used_and_never_shown()
    {
        await using var database = await TableAsync();
        using var folder = new LoadFolder().With("data.csv", "1\nx\n");
        var target = $"postgresql://{PostgresInstance.PasswordUser}:{Escaped}@127.0.0.1:{server.Private.Port}/{database.Name}?t";
        string[] settings = ["--with", "fields terminated by ','", "--set", $"my.password='{Secret}'"];
        ShowsNothing(await RunAsync(folder, ["data.csv", target, .. settings])).ExitsWith(3);
        ShowsNothing(await RunAsync(folder, ["--dry-run", "data.csv", target, .. settings])).ExitsWith(0);
        ShowsNothing(await RunAsync(folder, ["data.csv", target + "ypo", .. settings])).ExitsWith(1);
        ShowsNothing(await RunAsync(folder, ["data.csv", target, "--set", $"no_such_password='{Secret}'"])).ExitsWith(1);
        ShowsNothing(await RunAsync(folder, ["data.csv", target, "--with", "no such option"])).ExitsWith(4);
        ShowsNothing(await RunAsync(folder, ["data.csv", target.Replace("postgresql", "postgresq", StringComparison.Ordinal)])).ExitsWith(2);
        ShowsNothing(await RunAsync(folder, [target, "data.csv"])).ExitsWith(2);
        ShowsNothing(folder);
    }

    [Theory]
    [InlineData("alter role {0} password '{1}'", 3)]
    [InlineData("alter role {0} encrypted\n  password\n  '{1}'", 3)]
    [InlineData("alter role {0} PASSWORD $q${1}$q$", 3)]
    [InlineData("alter role {0} password E'{1}'", 3)]
    [InlineData("alter role {0} password 'it''s {1}'", 3)]
    [InlineData("alter role {0} password /* new */ '{1}'", 3)]
    [InlineData("create temp table a as select 'host=x password={1}'::text", 3)]
    [InlineData("create temp table a as select 'postgresql://a:{1}@host/db'::text", 3)]
    [InlineData("alter role no_such_role password '{1}'", 1)]
    [InlineData("alter role no_such_role password\n $${1}$$", 1)]
    [InlineData("alter role {0} password 'it''s {1}' no_such_word", 1)]
    [InlineData("alter role {0} password E'{1}' '{1}'", 1)]
    public async Task In_sql_before_the_load_it_is_sent_and_never_shown(string sql, int exitCode)
    {
        await using var database = await TableAsync();
        var role = string.Create(CultureInfo.InvariantCulture, $"sluice_secret_{Environment.ProcessId}_{Math.Abs(sql.GetHashCode(StringComparison.Ordinal))}");
        await database.ExecuteAsync($"CREATE ROLE {role}", Ct);
        try
        {
            var statement = sql.Replace("{0}", role, StringComparison.Ordinal).Replace("{1}", Secret, StringComparison.Ordinal);
            using var folder = new LoadFolder().With("data.csv", "1\nx\n").With("before.sql", statement + ";");
            folder.With("test.load", Command(database.Uri, "t", $"BEFORE LOAD DO $body$ {statement} $body$ "));
            ShowsNothing(await RunAsync(folder, ["--dry-run", "test.load"])).ExitsWith(0);
            ShowsNothing(await RunAsync(folder, ["test.load"])).ExitsWith(exitCode);
            folder.With("test.load", Command(database.Uri, "t", "BEFORE LOAD EXECUTE 'before.sql' "));
            ShowsNothing(await RunAsync(folder, ["test.load"])).ExitsWith(exitCode);
            ShowsNothing(folder);
        }
        finally
        {
            await database.ExecuteAsync($"DROP ROLE {role}", Ct);
        }
    }

    private static string Command(string target, string table, string clauses = "") =>
        $"LOAD CSV FROM 'data.csv' INTO {target} TARGET TABLE {table} WITH fields terminated by ',' {clauses};";

    private async Task<TestDatabase> TableAsync()
    {
        var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int); GRANT ALL ON t TO PUBLIC", Ct);
        return database;
    }

    private async Task<ProgramResult> LoadAsync(LoadFolder folder, TestDatabase database, string way, string password, string table)
    {
        const string User = PostgresInstance.PasswordUser;
        var host = $"127.0.0.1:{server.Private.Port}";
        var escaped = Uri.EscapeDataString(password);
        var (target, variable) = way switch
        {
            "uri" => ($"postgresql://{User}:{escaped}@{host}/{database.Name}", default),
            "doubled uri" => ($"postgresql://{User}:{password}@{host}/{database.Name}", default),
            "parameter" => ($"postgresql://{User}@{host}/{database.Name}?password={escaped}", default),
            "keywords" => ($"'host=127.0.0.1 port={server.Private.Port} user={User} dbname={database.Name} password={password}'", default),
            "variable" => ($"postgresql://{User}@{host}/{database.Name}", ("PGPASSWORD", password)),
            "template" => ($"postgresql://{User}:{{{{DB_PASSWORD}}}}@{host}/{database.Name}", ("DB_PASSWORD", escaped)),
            "pgpass" => ($"postgresql://{User}@{host}/{database.Name}", ("PGPASSFILE", folder["pgpass"])),
            "service" => ("postgresql://?service=s", ("PGSERVICEFILE", folder["services"])),
            _ => throw new ArgumentException(way),
        };
        folder.With("pgpass", $"*:*:*:*:{password.Replace(":", "\\:", StringComparison.Ordinal)}\n")
            .With("services", $"[s]\nhost=127.0.0.1\nport={server.Private.Port}\nuser={User}\ndbname={database.Name}\npassword={password}\n")
            .With("test.load", Command(target, table));
        File.SetUnixFileMode(folder["pgpass"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (string, string)[] environment = variable == default ? [] : [variable];
        return ShowsNothing(await RunAsync(folder, ["test.load"], environment));
    }

    private static Task<ProgramResult> RunAsync(LoadFolder folder, string[] arguments, params (string Name, string Value)[] environment) =>
        folder.RunAsync(["--debug", "--summary", folder["summary.json"], .. arguments], Ct, null, environment);

    private static ProgramResult ShowsNothing(ProgramResult result)
    {
        foreach (var secret in Spellings())
        {
            result.DoesNotSay(secret);
        }

        return result;
    }

    // All that the run wrote, the log among it; what the test wrote itself is not looked at.
    private static void ShowsNothing(LoadFolder folder)
    {
        var files = Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories).Concat(Directory.GetFiles(folder.Path, "summary.json*")).ToList();
        Assert.Contains(files, file => Path.GetFileName(file) == "sluice.log");
        Assert.Contains(files, file => Path.GetFileName(file) == "summary.json");
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            Assert.All(Spellings(), secret => Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"{file} shows {secret}"));
        }
    }

    // Half of it would be too much, too.
    private static IEnumerable<string> Spellings() => [Secret, Escaped, Wrong, Uri.EscapeDataString(Wrong), "s3cret-Pa55", "wr0ng-Pa55"];
}

using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>Whole SQLite databases: many rows against pgloader and against sqlite3 and psql in a pipe, many tables against pgloader.</summary>
public sealed class SqliteBenchmark(BenchOptions options, Connection connection)
{
    private const string Columns =
        "id bigint, account integer not null, name text not null, amount double precision, happened timestamp with time zone, active boolean, note text, code text";

    private const int RowsOfSmallTable = 10;

    private readonly ProgramRunner _runner = new(options.ServerProcess == 0 ? null : options.ServerProcess);
    private readonly List<Series> _results = [];

    /// <summary>Returns the exit code: 1 when a load of ours did not bring what the file holds.</summary>
    public async Task<int> RunAsync()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("ROWS") is { Length: > 0 } written ? written : "2000000", CultureInfo.InvariantCulture);
        var tables = int.Parse(Environment.GetEnvironmentVariable("TABLES") is { Length: > 0 } many ? many : "5000", CultureInfo.InvariantCulture);
        var parts = (Environment.GetEnvironmentVariable("SQLITE_SETS") is { Length: > 0 } sets ? sets : "rows tables indexes").Split(' ');
        if (parts.Contains("rows"))
        {
            await MeasureRowsAsync("rows", rows, indexes: []);
        }

        if (parts.Contains("indexes"))
        {
            await MeasureRowsAsync("indexes", rows / 2, ["account", "name", "happened, id", "code", "amount"]);
        }

        if (parts.Contains("tables"))
        {
            await MeasureTablesAsync(tables);
        }

        var text = Table() + "\n" + Explain(rows, tables);
        Console.WriteLine(text);
        Console.WriteLine("Kept in " + new Report(options.Results, "sqlite-" + string.Join('-', parts), await VersionsAsync()).Write(text, _results.Select(one => new
        {
            one.Set,
            one.Loader,
            one.Note,
            one.IsVerified,
            Rounds = one.Rounds.Select(round => new { round.Wall, round.ClientCpu, round.ServerCpu, round.PeakBytes }),
        })));
        return _results.Where(one => one.Loader == "sluice").All(one => one.IsVerified) ? 0 : 1;
    }

    private async Task MeasureRowsAsync(string set, int rows, string[] indexes)
    {
        var path = Path.Combine(options.Folder, $"{set}.db");
        MakeRows(path, rows, indexes);
        Console.Error.WriteLine($"{set}: {rows:N0} rows, {new FileInfo(path).Length / 1e6:N0} MB");
        await FreshAsync("mixed", $"create table mixed ({Columns})");
        _ = await PipeAsync(path, []);
        var reference = await DigestAsync("mixed");
        string Expected(string held) => held == reference ? "" : $"holds {held}, should be {reference}";
        await MeasureAsync(set, "sqlite3 | psql", options.Rounds, () => FreshAsync("mixed", $"create table mixed ({Columns})"), () => PipeAsync(path, indexes), async () => Expected(await DigestAsync("mixed")));
        await MeasureAsync(set, "sluice", options.Rounds, () => FreshAsync("mixed"), () => _runner.RunAsync(Sluice, Arguments(path)), async () => Expected(await DigestAsync("mixed")));
        if (options.PgloaderRounds > 0 && Programs.Find("pgloader") is { } pgloader)
        {
            await MeasureAsync(
                set, "pgloader", options.PgloaderRounds, () => FreshAsync("mixed"), () => _runner.RunAsync(pgloader, [Command(path, "pgloader", "")], options.Folder), async () => Expected(await DigestAsync("mixed")));
        }

        await FreshAsync("mixed");
        File.Delete(path);
    }

    private async Task MeasureTablesAsync(int tables)
    {
        var path = Path.Combine(options.Folder, "tables.db");
        MakeTables(path, tables);
        async Task<string> CheckAsync()
        {
            var found = await connection.QueryAsync("select count(*) || ' tables' from pg_class where relkind = 'r' and relname ~ '^t[0-9]{5}$'");
            var keys = await connection.QueryAsync("select count(*) || ' keys' from pg_constraint where contype = 'p' and conrelid::regclass::text ~ '^t[0-9]{5}$'");
            var held = await connection.QueryAsync("select coalesce(sum((xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I', relname), false, true, '')))[1]::text::bigint), 0) || ' rows' from pg_class where relkind = 'r' and relname ~ '^t[0-9]{5}$'");
            var text = $"{found[1][0]}, {keys[1][0]}, {held[1][0]}";
            var wanted = $"{tables} tables, {tables} keys, {tables * RowsOfSmallTable} rows";
            return text == wanted ? "" : $"{text}, should be {wanted}";
        }

        await MeasureAsync($"{tables} tables", "sluice", options.Rounds, DropTablesAsync, () => _runner.RunAsync(Sluice, Arguments(path)), CheckAsync);
        if (options.PgloaderRounds > 0 && Programs.Find("pgloader") is { } pgloader)
        {
            await MeasureAsync($"{tables} tables", "pgloader", options.PgloaderRounds, DropTablesAsync, () => _runner.RunAsync(pgloader, [Command(path, "pgloader", "")], options.Folder), CheckAsync);
        }

        await DropTablesAsync();
        File.Delete(path);
    }

    private async Task MeasureAsync(string set, string loader, int rounds, Func<Task> prepare, Func<Task<Measurement>> run, Func<Task<string>> check)
    {
        var measured = new List<Measurement>();
        var note = "";
        for (var round = 0; round < rounds; round++)
        {
            await prepare();
            await connection.ExecuteAsync("checkpoint");
            var one = await run();
            var wrong = await check();
            measured.Add(one);
            note = wrong.Length > 0 ? Reason(one.Output) + wrong : note;
            Console.Error.WriteLine($"  round {round + 1} {loader}: {one.Wall:0.00} s, {one.PeakBytes / 1e6:0} MB{(wrong.Length > 0 ? "  WRONG: " + wrong : "")}");
            if (wrong.Length > 0)
            {
                Console.Error.WriteLine(one.Output[..Math.Min(2000, one.Output.Length)]);
            }
        }

        _results.Add(new Series(set, loader, measured, note.Length == 0, note));
    }

    private string Sluice => Path.GetFullPath(options.Sluice);

    private string[] Arguments(string path) => ["--root-dir", Path.Combine(options.Folder, "rejects"), Command(path, "sluice", "")];

    // The fastest thing by hand, and what comes after the rows as everyone else does it.
    private Task<Measurement> PipeAsync(string path, string[] indexes)
    {
        var after = string.Join(' ', indexes.Select(index => $"-c 'create index on mixed ({index})'"));
        return _runner.RunAsync("/bin/sh", ["-c", $"sqlite3 -csv '{path}' 'select * from mixed' | psql -X -q -v ON_ERROR_STOP=1 -c '\\copy mixed from stdin with (format csv)' -c 'alter table mixed add primary key (id)' {after}"]);
    }

    private string Command(string path, string name, string with)
    {
        var uri = $"postgresql://{connection.User}:{connection.Password}@{connection.Host}:{connection.Port}/{connection.Database}";
        var file = Path.Combine(options.Folder, $"{name}-sqlite.load");
        File.WriteAllText(file, $"LOAD DATABASE FROM sqlite://{path} INTO {uri}{with};\n");
        return file;
    }

    private async Task FreshAsync(string table, string? create = null)
    {
        await connection.ExecuteAsync($"drop table if exists {table}");
        if (create is not null)
        {
            await connection.ExecuteAsync(create);
        }
    }

    // Not all in one transaction: the lock table has no room for as many.
    private Task DropTablesAsync() => connection.ExecuteAsync(
        "do $$ declare r record; n int := 0; begin for r in select relname from pg_class where relkind = 'r' and relname ~ '^t[0-9]{5}$' loop execute format('drop table %I', r.relname); n := n + 1; if n % 500 = 0 then commit; end if; end loop; end $$");

    // The sum of the rows' hashes does not depend on their order. An empty text and NULL are one in CSV.
    private async Task<string> DigestAsync(string table) =>
        (await connection.QueryAsync($"select count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(row(id, account, name, amount, happened, active, note, code)::text, 0)), 0) from {table}"))[1][0];

    private static void MakeRows(string path, int rows, string[] indexes)
    {
        using var database = Create(path);
        Execute(database, "CREATE TABLE mixed (id INTEGER PRIMARY KEY, account INT NOT NULL, name VARCHAR(40) NOT NULL, amount DOUBLE, happened DATETIME, active BOOLEAN, note TEXT, code CHAR(8))");
        var random = new SeededRandom(1);
        using (var transaction = database.BeginTransaction())
        {
            using var insert = database.CreateCommand();
            insert.CommandText = "INSERT INTO mixed VALUES ($0, $1, $2, $3, $4, $5, $6, $7)";
            var values = Enumerable.Range(0, 8).Select(i => insert.Parameters.Add(new SqliteParameter($"${i}", null))).ToArray();
            var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            for (var row = 1; row <= rows; row++)
            {
                values[0].Value = row;
                values[1].Value = (long)random.Below(1_000_000);
                values[2].Value = "customer " + random.Below(1_000_000).ToString(CultureInfo.InvariantCulture);
                values[3].Value = random.Below(100_000_000) / 100.0;
                values[4].Value = start.AddSeconds(row * 30L).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
                values[5].Value = row % 2;
                values[6].Value = row % 5 == 0 ? DBNull.Value : $"a note about row {row}, with some \"words\" in it";
                values[7].Value = random.Below(1_000_000).ToString("X8", CultureInfo.InvariantCulture);
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        for (var i = 0; i < indexes.Length; i++)
        {
            Execute(database, $"CREATE INDEX i{i} ON mixed ({indexes[i]})");
        }
    }

    private static void MakeTables(string path, int tables)
    {
        using var database = Create(path);
        using var transaction = database.BeginTransaction();
        for (var table = 0; table < tables; table++)
        {
            Execute(database, $"CREATE TABLE t{table:00000} (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, amount DECIMAL(10,2), at DATETIME)");
            Execute(database, $"INSERT INTO t{table:00000} VALUES {string.Join(", ", Enumerable.Range(1, RowsOfSmallTable).Select(row => $"({row}, 'name {row}', {row}.25, '2024-01-01 00:00:{row:00}')"))}");
        }

        transaction.Commit();
    }

    private static SqliteConnection Create(string path)
    {
        File.Delete(path);
        var database = new SqliteConnection($"Data Source={path};Pooling=False");
        database.Open();
        Execute(database, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
        return database;
    }

    private static void Execute(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // What a program that failed said of it, as far as it is known to fail here.
    private static string Reason(string output) => output.Contains("Heap exhausted", StringComparison.Ordinal) ? "heap exhausted; "
        : output.Contains("out of shared memory", StringComparison.Ordinal) ? "out of the server's lock table; " : "";

    private string Table()
    {
        var page = new StringBuilder("| set | loader | rounds | wall s | × sluice | client CPU s | server CPU s | peak MB | right |\n|---|---|--:|--:|--:|--:|--:|--:|---|\n");
        foreach (var one in _results)
        {
            var ours = _results.First(other => other.Set == one.Set && other.Loader == "sluice");
            page.Append(CultureInfo.InvariantCulture, $"| {one.Set} | {one.Loader.Replace("|", "\\|", StringComparison.Ordinal)} | {one.Rounds.Count} | {one.Wall:0.00} | {one.Wall / ours.Wall:0.00} ");
            page.Append(CultureInfo.InvariantCulture, $"| {one.Median(round => round.ClientCpu):0.00} | {one.Median(round => round.ServerCpu):0.00} | {one.Rounds.Max(round => round.PeakBytes) / 1e6:0} | {(one.IsVerified ? "yes" : "**NO**: " + one.Note)} |\n");
        }

        return page.ToString();
    }

    private static string Explain(int rows, int tables) => string.Create(CultureInfo.InvariantCulture, $"""
        - **rows**: one table of {rows:N0} rows: integers, a double, a date and time, a boolean, three texts; one in five notes is NULL; primary key
        - **indexes**: half as many rows, five indexes more
        - **{tables} tables**: of {RowsOfSmallTable} rows with a primary key each

        Each starts from the file and ends with keys and indexes. `sqlite3 | psql` is `sqlite3 -csv` into `\copy` with the table made before, then the key and the indexes one after the other;
        its peak memory is that of the shell. Medians of the rounds; right means that the rows have the count and the digest of what psql loaded, or that all tables, keys and rows are there.

        """);

    private async Task<IReadOnlyList<(string Label, string Value)>> VersionsAsync()
    {
        var server = await connection.QueryAsync("select split_part(version(), ' on ', 1) || ', max_locks_per_transaction ' || current_setting('max_locks_per_transaction')");
        var versions = new List<(string, string)>
        {
            ("server", server[1][0] + ", else default settings, on the same machine, over TCP"),
            (".NET", Environment.Version.ToString()),
            ("processors", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {Programs.ProcessorModel()}")),
        };
        foreach (var program in new[] { "sqlite3", "psql", "pgloader", Sluice })
        {
            if ((Programs.Find(program) ?? (File.Exists(program) ? program : null)) is { } path)
            {
                versions.Add((Path.GetFileName(program), (await _runner.RunAsync(path, ["--version"])).Output.Split('\n')[0].Trim()));
            }
        }

        return versions;
    }

    private sealed record Series(string Set, string Loader, List<Measurement> Rounds, bool IsVerified, string Note)
    {
        public double Wall => Median(round => round.Wall);

        public double Median(Func<Measurement, double> value) => Rounds.Select(value).Order().ElementAt(Rounds.Count / 2);
    }
}

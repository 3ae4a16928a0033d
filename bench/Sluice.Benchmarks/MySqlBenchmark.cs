using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>A table from MariaDB into PostgreSQL: Sluice against the two servers' clients in a pipe, and pgloader.</summary>
public sealed class MySqlBenchmark(BenchOptions options, Connection connection)
{
    private const string Schema = MariaDbServer.Database;

    private static readonly TableSet[] Sets =
    [
        new(
            "mixed",
            "id INT AUTO_INCREMENT PRIMARY KEY, account BIGINT NOT NULL, name VARCHAR(40) NOT NULL, amount DECIMAL(12,2), ratio DOUBLE, happened DATETIME NOT NULL, day DATE, active TINYINT(1) NOT NULL, "
            + "kind ENUM('new', 'open', 'closed') NOT NULL, note TEXT, code CHAR(8)",
            "seq, CRC32(seq) * 4099, CONCAT('customer ', CRC32(seq) % 1000000), CRC32(seq + 7) / 100, CRC32(seq + 9) / 7e3, '2020-01-01' + INTERVAL seq * 30 SECOND, '2001-01-01' + INTERVAL seq % 9000 DAY, "
            + "seq % 2, 1 + seq % 3, IF(seq % 5 = 0, NULL, CONCAT('a note about row ', seq, ', with some \"words\", a tab\\t and an é in it')), LPAD(HEX(seq * 77), 8, '0')",
            "id bigint not null, account bigint not null, name text not null, amount numeric, ratio double precision, happened timestamptz not null, day date, active boolean not null, kind text not null, "
            + "note text, code text",
            "whole numbers, a decimal, a double, a date and time, a date, a boolean, an enumeration and three texts; one in five notes is NULL"),
        new(
            "wide",
            "id INT AUTO_INCREMENT PRIMARY KEY, title VARCHAR(200) NOT NULL, summary VARCHAR(500), body TEXT NOT NULL, extra MEDIUMTEXT",
            "seq, CONCAT('title ', SHA2(seq, 256)), CONCAT(MD5(seq), REPEAT(' summary', 10 + seq % 10)), REPEAT(CONCAT(MD5(seq + 1), ' äöü '), 10 + seq % 5), IF(seq % 4 = 0, NULL, REPEAT('line\\n', 20))",
            "id bigint not null, title text not null, summary text, body text not null, extra text",
            "a number and four texts of some 700 bytes together"),
    ];

    private readonly ProgramRunner _runner = new(options.ServerProcess == 0 ? null : options.ServerProcess);
    private readonly List<SeriesResult> _results = [];
    private readonly Dictionary<SeriesResult, double> _sourceCpu = [];

    /// <summary>Returns the exit code: 1 when a load of ours did not bring what the table holds.</summary>
    public async Task<int> RunAsync()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("ROWS") is { Length: > 0 } written ? written : "2000000", CultureInfo.InvariantCulture);
        var parts = (Environment.GetEnvironmentVariable("MYSQL_SETS") is { Length: > 0 } chosen ? chosen : "mixed wide").Split(' ');
        var program = Environment.GetEnvironmentVariable("BENCH_MARIADBD") is { Length: > 0 } given ? given
            : Programs.Find("mariadbd") ?? throw new InvalidOperationException("mariadbd is needed: eng/ensure-mariadb.sh installs it");
        var folder = Path.Combine(options.Folder, "mariadb");
        await using (var source = await MariaDbServer.StartAsync(program, folder))
        {
            foreach (var set in Sets.Where(set => parts.Contains(set.Name)))
            {
                await MeasureAsync(source, set, set.Name == "wide" ? rows / 2 : rows);
            }

            var text = Page();
            Console.WriteLine(text);
            Console.WriteLine("Kept in " + new Report(options.Results, string.Create(CultureInfo.InvariantCulture, $"mysql-{string.Join('-', parts)}-{rows}"), await VersionsAsync(source)).Write(
                text, _results.Select(one => new { one.Set, one.Loader, one.Rows, one.Bytes, one.Wall, one.ClientCpu, one.ServerCpu, SourceCpu = _sourceCpu[one], one.PeakBytes, one.IsVerified, one.Command })));
        }

        Directory.Delete(folder, recursive: true);
        return _results.Where(one => one.Loader == "sluice").All(one => one.IsVerified) ? 0 : 1;
    }

    private async Task MeasureAsync(MariaDbServer source, TableSet set, int rows)
    {
        await source.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture, $"CREATE TABLE {set.Name} ({set.Columns}); INSERT INTO {set.Name} SELECT {set.Values} FROM seq_1_to_{rows}; ANALYZE TABLE {set.Name}"));
        var bytes = long.Parse(await source.ExecuteAsync($"SELECT DATA_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '{set.Name}'"), CultureInfo.InvariantCulture);
        Console.Error.WriteLine($"{set.Name}: {rows:N0} rows, {bytes / 1e6:N0} MB");

        // Also warms the caches. What the clients carry over is what every way must arrive at.
        var ways = Ways(source, set);
        await FreshAsync(set, ways[0]);
        var first = await _runner.RunAsync(ways[0].Program, ways[0].Arguments);
        var reference = await DigestAsync(set);
        if (first.ExitCode != 0 || !reference.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{rows} rows"), StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The clients loaded {reference} of {rows}: {first.Output}");
        }

        var rounds = ways.ToDictionary(way => way.Name, _ => new List<(Measurement Cost, double SourceCpu)>());
        var verified = ways.ToDictionary(way => way.Name, _ => true);
        for (var round = 0; round < Math.Max(options.Rounds, options.PgloaderRounds); round++)
        {
            foreach (var way in ways.Where(way => round < (way.Name == "pgloader" ? options.PgloaderRounds : options.Rounds)))
            {
                await FreshAsync(set, way);
                var before = source.Cpu;
                var cost = await _runner.RunAsync(way.Program, way.Arguments, options.Folder);
                rounds[way.Name].Add((cost, source.Cpu - before));
                var held = cost.ExitCode == 0 ? await DigestAsync(set) : cost.Output[..Math.Min(2000, cost.Output.Length)];
                Console.Error.WriteLine($"  round {round + 1} {way.Name}: {cost.Wall:0.00} s, {cost.PeakBytes / 1e6:0} MB{(held == reference ? "" : "  WRONG: " + held)}");
                verified[way.Name] &= held == reference;
            }
        }

        foreach (var way in ways.Where(way => rounds[way.Name].Count > 0))
        {
            var result = new SeriesResult
            {
                Set = set.Name,
                Loader = way.Name,
                Rows = rows,
                Bytes = bytes,
                Rounds = [.. rounds[way.Name].Select(round => round.Cost)],
                IsVerified = verified[way.Name],
                Command = way.Shown,
            };
            _results.Add(result);
            _sourceCpu[result] = rounds[way.Name].Select(round => round.SourceCpu).Order().ElementAt(rounds[way.Name].Count / 2);
        }

        await connection.ExecuteAsync($"drop schema if exists {Schema} cascade");
        await source.ExecuteAsync($"DROP TABLE {set.Name}");
    }

    private List<Way> Ways(MariaDbServer source, TableSet set)
    {
        var target = $"postgresql://{connection.User}:{connection.Password}@{connection.Host}:{connection.Port}/{connection.Database}";
        var command = Path.Combine(options.Folder, $"mysql-{set.Name}.load");
        File.WriteAllText(command, $"LOAD DATABASE FROM {source.Uri} INTO {target} INCLUDING ONLY TABLE NAMES MATCHING '{set.Name}';\n");

        // NULL is a word there, which no text of the table is.
        var ways = new List<Way>
        {
            new(
                "client pipe",
                "bash",
                ["-c", $"set -o pipefail; mariadb {source.ClientOptions} --batch --quick --skip-column-names -e 'SELECT * FROM {set.Name}' {Schema} | psql -X -q -v ON_ERROR_STOP=1 -c \"\\copy {Schema}.{set.Name} from stdin with (null 'NULL')\" -c 'alter table {Schema}.{set.Name} add primary key (id)'"],
                @"mariadb --batch --quick -e 'SELECT …' | psql -c '\copy …' -c 'alter table … add primary key'"),
            new("sluice", Path.GetFullPath(options.Sluice), ["--root-dir", Path.Combine(options.Folder, "rejects"), command], "sluice mysql.load"),
        };
        if (options.PgloaderRounds > 0 && Programs.Find("pgloader") is { } pgloader)
        {
            ways.Add(new Way("pgloader", pgloader, ["--root-dir", Path.Combine(options.Folder, "pgloader"), command], "pgloader mysql.load"));
        }

        return ways;
    }

    // The pipe needs the table; the others make it.
    private async Task FreshAsync(TableSet set, Way way)
    {
        await connection.ExecuteAsync($"drop schema if exists {Schema} cascade");
        if (way.Name == "client pipe")
        {
            await connection.ExecuteAsync($"create schema {Schema}; create table {Schema}.{set.Name} ({set.TargetColumns})");
        }

        await connection.ExecuteAsync("checkpoint");
    }

    // The sum of the rows' hashes does not depend on their order.
    private async Task<string> DigestAsync(TableSet set)
    {
        if ((await connection.QueryAsync($"select to_regclass('{Schema}.{set.Name}')"))[1][0].Length == 0)
        {
            return "no table";
        }

        return (await connection.QueryAsync($"select count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(t::text, 0)), 0) from {Schema}.{set.Name} t"))[1][0];
    }

    private string Page()
    {
        var page = new StringBuilder("| set | way | rounds | wall s | × sluice | MB/s | client CPU s | MariaDB CPU s | PostgreSQL CPU s | peak MB | same rows |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|\n");
        foreach (var one in _results)
        {
            var ours = _results.First(other => other.Set == one.Set && other.Loader == "sluice");
            page.Append(CultureInfo.InvariantCulture, $"| {one.Set} | {one.Loader} | {one.Rounds.Count} | {one.Wall:0.00} | {one.Wall / ours.Wall:0.00} | {one.MegabytesPerSecond:0} ");
            page.Append(CultureInfo.InvariantCulture, $"| {one.ClientCpu:0.00} | {_sourceCpu[one]:0.00} | {one.ServerCpu:0.00} | {one.PeakBytes / 1e6:0} | {(one.IsVerified ? "yes" : "**NO**")} |\n");
        }

        page.Append('\n');
        foreach (var set in Sets)
        {
            if (_results.FirstOrDefault(one => one.Set == set.Name) is { } one)
            {
                page.Append(CultureInfo.InvariantCulture, $"- **{set.Name}**: {one.Rows:N0} rows, {one.Bytes / 1e6:0} MB in MariaDB: {set.Description}; primary key\n");
            }
        }

        page.Append("\nEach way starts with nothing and ends with the primary key; for the pipe the table is made before. Medians of the rounds, in turn; peak memory is the largest of all rounds, in pipes of all\n");
        page.Append("programs together. Same rows: count and digest of every round are those of the clients' first, unmeasured run.\n\n");
        return page.AppendJoin('\n', _results.Select(one => $"- {one.Loader}: `{one.Command}`").Distinct()).Append('\n').ToString();
    }

    private async Task<IReadOnlyList<(string Label, string Value)>> VersionsAsync(MariaDbServer source)
    {
        var versions = new List<(string, string)>
        {
            ("source", "MariaDB " + await source.ExecuteAsync("SELECT VERSION()") + ", default settings, on the same machine, over TCP"),
            ("target", (await connection.QueryAsync("select split_part(version(), ' on ', 1)"))[1][0] + ", max_locks_per_transaction 1024, else default settings, on the same machine, over TCP"),
            (".NET", Environment.Version.ToString()),
            ("processors", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {Programs.ProcessorModel()}")),
        };
        foreach (var program in new[] { "psql", "pgloader", Path.GetFullPath(options.Sluice) })
        {
            if ((Programs.Find(program) ?? (File.Exists(program) ? program : null)) is { } path)
            {
                versions.Add((Path.GetFileName(program), (await _runner.RunAsync(path, ["--version"])).Output.Split('\n')[0].Trim()));
            }
        }

        return versions;
    }

    private sealed record Way(string Name, string Program, IReadOnlyList<string> Arguments, string Shown);

    private sealed record TableSet(string Name, string Columns, string Values, string TargetColumns, string Description);
}

using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>One table from one database into another of the same server: Sluice against two psqls and a pipe, and against pg_dump and pg_restore.</summary>
public sealed class PostgresCopies(BenchOptions options, Connection connection)
{
    private const string Target = "bench_copy";
    private const long Rows = 2_000_000;
    private const long SampleBytes = 10_000_000;

    private readonly ProgramRunner _runner = new(options.ServerProcess == 0 ? null : options.ServerProcess);
    private readonly DataSet _set = DataSets.ByName("mixed");

    /// <summary>Returns the exit code: 1 when a table did not hold what it should.</summary>
    public async Task<int> RunAsync()
    {
        var path = Path.Combine(options.Folder, "postgres.csv");
        var sample = _set.Generate(path, null, SampleBytes);
        var file = _set.Generate(path, null, SampleBytes * Rows / sample.Rows);
        await connection.ExecuteAsync($"create table {_set.Table} ({_set.Columns})");
        var psql = Programs.Find("psql") ?? throw new InvalidOperationException("psql is needed: install postgresql-client");
        var loaded = await _runner.RunAsync(psql, ["-X", "-q", "-c", $"\\copy {_set.Table} from '{path}' with (format csv)", "-c", $"vacuum analyze {_set.Table}"]);
        if (loaded.ExitCode != 0)
        {
            throw new InvalidOperationException(loaded.Output);
        }

        File.Delete(path);
        await connection.ExecuteAsync($"create database {Target}");
        var reference = await DigestAsync(connection);
        var ways = Ways(psql);
        var rounds = ways.ToDictionary(way => way.Name, _ => new List<Measurement>());
        var verified = ways.ToDictionary(way => way.Name, _ => true);
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var turn = 0; turn < ways.Count; turn++)
            {
                var way = ways[(turn + round) % ways.Count];
                var target = connection with { Database = Target };
                await target.ExecuteAsync($"drop table if exists {_set.Table}");
                await target.ExecuteAsync(way.CreatesTable ? "select 1" : $"create table {_set.Table} ({_set.Columns})");
                await target.ExecuteAsync("checkpoint");
                var measured = await _runner.RunAsync(way.Program, way.Arguments);
                var held = measured.ExitCode == 0 ? await DigestAsync(target) : measured.Output;
                Console.Error.WriteLine($"  round {round + 1} {way.Name}: {measured.Wall:0.00} s{(held == reference ? "" : "  WRONG: " + held)}");
                rounds[way.Name].Add(measured);
                verified[way.Name] &= held == reference;
            }
        }

        var results = ways.Select(way => new SeriesResult
        {
            Set = "postgres",
            Loader = way.Name,
            Rows = file.Rows,
            Bytes = file.Bytes,
            Rounds = rounds[way.Name],
            IsVerified = verified[way.Name],
            Command = way.Shown,
        }).ToList();
        var text = Page(results);
        Console.WriteLine(text);
        var versions = new List<(string, string)>
        {
            ("server", (await connection.QueryAsync("select split_part(version(), ' on ', 1)"))[1][0] + ", default settings, both databases, on the same machine, over TCP"),
            (".NET", Environment.Version.ToString()),
            ("processors", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {Programs.ProcessorModel()}")),
        };
        var data = results.Select(one => new { one.Loader, one.Rows, one.Bytes, one.Wall, one.ClientCpu, one.ServerCpu, one.PeakBytes, one.IsVerified, one.Command });
        Console.WriteLine("Kept in " + new Report(options.Results, "postgres", versions).Write(text, data));
        return results.All(one => one.IsVerified) ? 0 : 1;
    }

    private List<Way> Ways(string psql)
    {
        var sluice = Path.GetFullPath(options.Sluice);
        string[] root = ["--root-dir", Path.Combine(options.Folder, "rejects")];
        var ways = new List<Way>
        {
            Pipe("text pipe", "text"),
            Pipe("binary pipe", "binary"),
            new("sluice", sluice, [.. root, $"postgresql:///{connection.Database}", $"postgresql:///{Target}"], "sluice postgresql:///a postgresql:///b", CreatesTable: true),
            new("sluice-1", sluice, [.. root, "--with", "workers = 1", $"postgresql:///{connection.Database}", $"postgresql:///{Target}"], "sluice --with \"workers = 1\" …", CreatesTable: true),
        };
        if (Programs.Find("pg_dump") is not null && Programs.Find("pg_restore") is not null)
        {
            ways.Add(new Way(
                "pg_dump", "bash", ["-c", $"set -o pipefail; pg_dump -Fc -Z0 -t {_set.Table} {connection.Database} | pg_restore -d {Target}"], "pg_dump -Fc -Z0 | pg_restore", CreatesTable: true));
        }

        return ways;

        Way Pipe(string name, string format) => new(
            name,
            "bash",
            ["-c", $"set -o pipefail; {psql} -X -q -c 'copy {_set.Table} to stdout (format {format})' | {psql} -X -q -d {Target} -c 'copy {_set.Table} from stdin (format {format})'"],
            $"psql COPY TO | psql COPY FROM (format {format})",
            CreatesTable: false);
    }

    private async Task<string> DigestAsync(Connection database) =>
        (await database.QueryAsync($"select count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(t::text, 0)), 0) from {_set.Table} t"))[1][0];

    private string Page(List<SeriesResult> results)
    {
        var page = new StringBuilder("| way | s | MB/s | client CPU s | server CPU s | peak MB | same rows |\n|---|--:|--:|--:|--:|--:|---|\n");
        foreach (var one in results)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {one.Loader} | {one.Wall:0.00} | {one.MegabytesPerSecond:0} | {one.ClientCpu:0.00} | {one.ServerCpu:0.00} | {one.PeakBytes / 1e6:0} | {(one.IsVerified ? "yes" : "**no**")} |\n");
        }

        return page.Append(
            CultureInfo.InvariantCulture,
            $"\n{results[0].Rows:N0} rows of the mixed set, {results[0].Bytes / 1e6:0} MB as CSV, in one table without indexes; median of {options.Rounds} rounds, in turn. "
            + $"Peak: of the program itself, for pipes of the shell. The times of sluice include connecting, reading the schema and creating the table.\n\n").AppendJoin(
            "\n", results.Select(one => $"- {one.Loader}: `{one.Command}`")).Append('\n').ToString();
    }

    private sealed record Way(string Name, string Program, IReadOnlyList<string> Arguments, string Shown, bool CreatesTable);
}

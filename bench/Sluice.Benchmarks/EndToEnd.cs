using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>Loads each set with each loader, in turn, several times over, and checks every time what the table holds.</summary>
public sealed class EndToEnd(BenchOptions options, Connection connection)
{
    private readonly ProgramRunner _runner = new(options.ServerProcess == 0 ? null : options.ServerProcess);
    private readonly List<SeriesResult> _results = [];

    /// <summary>Returns the exit code: 1 when a table did not hold what it should.</summary>
    public async Task<int> RunAsync()
    {
        foreach (var set in options.Sets)
        {
            await MeasureAsync(set);
        }

        var text = Report.Table(_results, options.Sets.ToDictionary(set => set.Name, set => set.Clean)) + "\n" + Explain();
        Console.WriteLine(text);
        var name = string.Create(CultureInfo.InvariantCulture, $"load-{options.Bytes / 1_000_000}MB");
        var data = _results.Select(one => new
        {
            one.Set,
            one.Loader,
            one.Rows,
            one.Bytes,
            one.Wall,
            one.MegabytesPerSecond,
            one.ClientCpu,
            one.ServerCpu,
            one.PeakBytes,
            one.IsVerified,
            one.Command,
            Rounds = one.Rounds.Select(round => new { round.Wall, round.ClientCpu, round.ServerCpu, round.PeakBytes }),
        });
        Console.WriteLine("Kept in " + new Report(options.Results, name, await VersionsAsync()).Write(text, data));
        return _results.Count > 0 && _results.All(one => one.IsVerified) ? 0 : 1;
    }

    private async Task MeasureAsync(DataSet set)
    {
        var path = Path.Combine(options.Folder, set.Name + ".csv");
        var file = set.Generate(path, set.HasBadRows ? Path.Combine(options.Folder, set.Name + "-good.csv") : null, options.Bytes);
        Console.Error.WriteLine($"{set.Name}: {file.Rows:N0} rows, {file.Bytes / 1e6:N0} MB, {file.BadRows:N0} of them bad");
        var loaders = Loaders(set);
        var rounds = loaders.ToDictionary(loader => loader, _ => new List<Measurement>());
        var verified = loaders.ToDictionary(loader => loader, _ => true);
        var reference = await ReferenceAsync(set, file);

        for (var round = 0; round < options.Rounds; round++)
        {
            // Each round begins with another loader, so that no place in the turn favours one.
            for (var turn = 0; turn < loaders.Count; turn++)
            {
                var loader = loaders[(turn + round) % loaders.Count];
                if (loader.IsPgloader && round >= options.PgloaderRounds)
                {
                    continue;
                }

                await FreshTableAsync(set);
                var source = loader.IsPsql ? file.GoodPath ?? file.Path : file.Path;
                var measured = await _runner.RunAsync(loader.Program, loader.Prepare(set, source, options.Folder, connection));
                var held = await DigestAsync(set);
                var expectedExit = loader.IsSluice ? set.ExpectedExitCode : 0;
                var isRight = held == reference && measured.ExitCode == expectedExit;
                Console.Error.WriteLine($"  round {round + 1} {loader.Name}: {measured.Wall:0.00} s{(isRight ? "" : "  WRONG: " + held + ", should be " + reference + ", exit code " + measured.ExitCode)}");
                if (!isRight)
                {
                    Console.Error.WriteLine(measured.Output);
                }

                rounds[loader].Add(measured);
                verified[loader] &= isRight;
                DeleteRejects();
            }
        }

        foreach (var loader in loaders.Where(loader => rounds[loader].Count > 0))
        {
            var command = string.Join(' ', [Path.GetFileName(loader.Program), .. loader.Options.Length > 0 ? ["WITH " + loader.Options] : Array.Empty<string>()]);
            _results.Add(new SeriesResult
            {
                Set = set.Name,
                Loader = loader.Name,
                Rows = file.Rows,
                Bytes = file.Bytes,
                Rounds = rounds[loader],
                IsVerified = verified[loader],
                Command = command,
            });
        }

        await connection.ExecuteAsync($"drop table if exists {set.Table}");
        File.Delete(file.Path);
        if (file.GoodPath is not null)
        {
            File.Delete(file.GoodPath);
        }
    }

    private List<Loader> Loaders(DataSet set)
    {
        var loaders = new List<Loader>();
        if (Programs.Find("psql") is { } psql)
        {
            loaders.Add(new Loader("psql", psql, ""));
        }

        if (File.Exists(options.Sluice))
        {
            var sluice = Path.GetFullPath(options.Sluice);
            loaders.Add(new Loader("sluice-1", sluice, "workers = 1, concurrency = 1"));
            loaders.Add(new Loader("sluice", sluice, ""));
        }

        if (set.Name == "mixed" && options.PgloaderRounds > 0 && Programs.Find("pgloader") is { } pgloader)
        {
            loaders.Add(new Loader("pgloader", pgloader, ""));
        }

        return loaders;
    }

    // What the server itself makes of the good rows is what every loader must arrive at. Also warms the file cache.
    private async Task<string> ReferenceAsync(DataSet set, GeneratedFile file)
    {
        await FreshTableAsync(set);
        var psql = new Loader("psql", Programs.Find("psql") ?? throw new InvalidOperationException("psql is needed as the reference: install postgresql-client"), "");
        var measured = await _runner.RunAsync(psql.Program, psql.Prepare(set, file.GoodPath ?? file.Path, options.Folder, connection));
        if (measured.ExitCode != 0)
        {
            throw new InvalidOperationException($"psql could not load {set.Name}: {measured.Output}");
        }

        var digest = await DigestAsync(set);
        var expected = (file.Rows - file.BadRows).ToString(CultureInfo.InvariantCulture) + " rows";
        return digest.StartsWith(expected, StringComparison.Ordinal) ? digest : throw new InvalidOperationException($"psql loaded {digest}, generated were {expected}");
    }

    private async Task FreshTableAsync(DataSet set)
    {
        await connection.ExecuteAsync($"drop table if exists {set.Table}");
        await connection.ExecuteAsync($"create table {set.Table} ({set.Columns})");
        await connection.ExecuteAsync("checkpoint");
    }

    // The sum of the rows' hashes does not depend on their order.
    private async Task<string> DigestAsync(DataSet set)
    {
        var rows = await connection.QueryAsync($"select count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(t::text, 0)), 0) from {set.Table} t");
        return rows[1][0];
    }

    private void DeleteRejects()
    {
        foreach (var name in new[] { "rejects", "pgloader" })
        {
            var folder = Path.Combine(options.Folder, name);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private async Task<IReadOnlyList<(string Label, string Value)>> VersionsAsync()
    {
        var server = await connection.QueryAsync("select split_part(version(), ' on ', 1)");
        var versions = new List<(string, string)>
        {
            ("server", server[1][0] + ", default settings, on the same machine, over TCP"),
            (".NET", Environment.Version.ToString()),
            ("processors", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {Programs.ProcessorModel()}")),
        };
        foreach (var program in new[] { "psql", "pgloader" })
        {
            if (Programs.Find(program) is { } path)
            {
                var output = (await _runner.RunAsync(path, ["--version"])).Output;
                versions.Add((program, output.Split('\n')[0].Trim()));
            }
        }

        if (File.Exists(options.Sluice))
        {
            versions.Add(("sluice", (await _runner.RunAsync(Path.GetFullPath(options.Sluice), ["--version"])).Output.Split('\n')[0].Trim()));
        }

        return versions;
    }

    private string Explain()
    {
        var page = new StringBuilder();
        foreach (var set in options.Sets)
        {
            page.Append(CultureInfo.InvariantCulture, $"- **{set.Name}**: {set.Description}\n");
        }

        page.Append("\nMedians of the rounds; peak memory is the largest of all rounds. `× psql` is throughput against `psql \\copy` of the same file, ");
        page.Append("`× clean` against the same loader on the set without bad or odd rows. In sets with bad rows psql loads a file without them, ");
        page.Append("since it would load nothing otherwise. `sluice-1` is sluice with workers = 1 and concurrency = 1. Every round starts with a new table and a checkpoint; verified means that each round's ");
        page.Append("table had the same count and digest of rows as psql's, and the exit code was right.\n");
        return page.ToString();
    }
}

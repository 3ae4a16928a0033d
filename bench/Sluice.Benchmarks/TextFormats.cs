using System.Globalization;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>The rows of the typed set as COPY text and as fixed-width lines, against <c>psql \copy</c> of the same rows as text.</summary>
public sealed class TextFormats(BenchOptions options, Connection connection)
{
    private static readonly (string Name, int Width)[] Places =
        [("id", 20), ("quantity", 12), ("amount", 16), ("day", 10), ("at", 32), ("ratio", 26), ("label", 64), ("key", 36), ("flag", 1)];

    private readonly ProgramRunner _runner = new(options.ServerProcess == 0 ? null : options.ServerProcess);

    /// <summary>Returns the exit code: 1 when a table did not hold what it should.</summary>
    public async Task<int> RunAsync()
    {
        var set = DataSets.ByName("typed");
        var psql = Programs.Find("psql") ?? throw new InvalidOperationException("psql is needed as the peer: install postgresql-client");
        var csv = Path.Combine(options.Folder, "typed.csv");
        var copy = Path.Combine(options.Folder, "typed.copy");
        var text = Path.Combine(options.Folder, "typed.txt");
        var file = set.Generate(csv, null, options.Bytes);
        await FreshTableAsync(set);
        await PsqlAsync(psql, $"\\copy typed from '{csv}' with (format csv)");
        var reference = await DigestAsync();
        await PsqlAsync(psql, $"\\copy typed to '{copy}'");
        var line = string.Join(" || ", Places.Select(place => $"rpad(coalesce({place.Name}::text, ''), {place.Width})"));
        await PsqlAsync(psql, $"\\copy (select {line} from typed) to '{text}'");
        File.Delete(csv);
        var fields = string.Join(", ", Places.Select((place, i) => string.Create(
            CultureInfo.InvariantCulture, $"{place.Name} from {Places.Take(i).Sum(before => before.Width)} for {place.Width} [null if blanks, trim right whitespace]")));
        (string Name, string Path, string Program, string[] Arguments)[] loaders =
        [
            ("psql \\copy", copy, psql, ["-X", "-q", "-c", $"\\copy typed from '{copy}'"]),
            ("LOAD COPY", copy, Path.GetFullPath(options.Sluice), Load("copy", $"LOAD COPY FROM '{copy}' INTO postgresql:///?typed;")),
            ("LOAD FIXED", text, Path.GetFullPath(options.Sluice), Load("fixed", $"LOAD FIXED FROM '{text}' ({fields}) INTO postgresql:///?typed;")),
        ];
        var rounds = loaders.ToDictionary(loader => loader.Name, _ => new List<Measurement>());
        var isVerified = true;
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var turn = 0; turn < loaders.Length; turn++)
            {
                var loader = loaders[(turn + round) % loaders.Length];
                await FreshTableAsync(set);
                var measured = await _runner.RunAsync(loader.Program, loader.Arguments);
                var held = await DigestAsync();
                var isRight = held == reference && measured.ExitCode == 0;
                Console.Error.WriteLine($"  round {round + 1} {loader.Name}: {measured.Wall:0.00} s{(isRight ? "" : "  WRONG: " + held + "\n" + measured.Output)}");
                isVerified &= isRight;
                rounds[loader.Name].Add(measured);
            }
        }

        var results = loaders.Select(loader => (loader.Name, Bytes: new FileInfo(loader.Path).Length, Wall: Median(rounds[loader.Name], one => one.Wall),
            Client: Median(rounds[loader.Name], one => one.ClientCpu), Server: Median(rounds[loader.Name], one => one.ServerCpu), Peak: rounds[loader.Name].Max(one => one.PeakBytes))).ToList();
        var rows = results.Select(one => string.Create(CultureInfo.InvariantCulture,
            $"| {one.Name} | {one.Bytes / 1e6:0} MB | {one.Wall:0.00} s | {file.Rows / one.Wall:0} | {results[0].Wall / one.Wall:0.00} | {one.Client:0.00} s | {one.Server:0.00} s | {one.Peak / 1e6:0} MB |"));
        var page = $"| loader | file | wall | rows/s | × psql | client CPU | server CPU | peak |\n|---|---|---|---|---|---|---|---|\n{string.Join('\n', rows)}\n\n"
            + string.Create(CultureInfo.InvariantCulture, $"{file.Rows:N0} rows of {set.Description}; medians of {options.Rounds} rounds, each with a new table and a checkpoint. ")
            + (isVerified ? "Every table had the rows that psql's had.\n" : "NOT VERIFIED: a table had other rows than psql's.\n");
        Console.WriteLine(page);
        var name = string.Create(CultureInfo.InvariantCulture, $"formats-{options.Bytes / 1_000_000}MB");
        var server = await connection.QueryAsync("select split_part(version(), ' on ', 1)");
        Console.WriteLine("Kept in " + new Report(options.Results, name,
            [("server", server[1][0] + ", default settings, on the same machine, over TCP"), ("processors", $"{Environment.ProcessorCount} × {Programs.ProcessorModel()}")])
            .Write(page, results.Select(one => new { one.Name, one.Bytes, one.Wall, one.Client, one.Server, one.Peak })));
        await connection.ExecuteAsync("drop table if exists typed");
        File.Delete(copy);
        File.Delete(text);
        return isVerified ? 0 : 1;
    }

    private static double Median(List<Measurement> rounds, Func<Measurement, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);

    private string[] Load(string name, string command)
    {
        var path = Path.Combine(options.Folder, name + ".load");
        File.WriteAllText(path, command);
        return ["--root-dir", Path.Combine(options.Folder, "rejects"), path];
    }

    private async Task PsqlAsync(string psql, string command)
    {
        var measured = await _runner.RunAsync(psql, ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", command]);
        if (measured.ExitCode != 0)
        {
            throw new InvalidOperationException($"psql could not run {command}: {measured.Output}");
        }
    }

    private async Task FreshTableAsync(DataSet set)
    {
        await connection.ExecuteAsync("drop table if exists typed");
        await connection.ExecuteAsync($"create table typed ({set.Columns})");
        await connection.ExecuteAsync("checkpoint");
    }

    private async Task<string> DigestAsync() =>
        (await connection.QueryAsync("select count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(t::text, 0)), 0) from typed t"))[1][0];
}

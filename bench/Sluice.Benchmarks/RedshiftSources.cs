using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.Measuring;
using Sluice.Benchmarks.RedshiftLocal;

namespace Sluice.Benchmarks;

/// <summary>How fast build/sluice loads a table of redshift-local into PostgreSQL: streamed, and by UNLOAD through its store.</summary>
public sealed class RedshiftSources(BenchOptions options, Connection target)
{
    private static readonly (string Name, string Options)[] Ways =
        [("streamed SELECT", "no unload"), ("UNLOAD, gzip", "unload"), ("UNLOAD, zstd", "unload, compress zstd"), ("UNLOAD, not compressed", "unload, compress none")];

    private readonly ProgramRunner _runner = new(null);

    /// <summary>Returns the exit code: 1 when rows are missing.</summary>
    public async Task<int> RunAsync()
    {
        var set = DataSets.ByName("typed");
        var file = set.Generate(Path.Combine(options.Folder, "source.csv"), null, options.Bytes);
        await using var server = await LocalServer.StartAsync(Path.GetFullPath("build/redshift-local"), Path.Combine(options.Folder, "source-server"));
        foreach (var (name, value) in new[]
        {
            ("AWS_ENDPOINT_URL", server.Store.ToString()), ("AWS_ACCESS_KEY_ID", LocalServer.AccessKey), ("AWS_SECRET_ACCESS_KEY", LocalServer.SecretKey),
            ("AWS_S3_BUCKET_NAME", LocalServer.Bucket), ("AWS_DEFAULT_REGION", "us-east-1"),
        })
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var source = string.Create(CultureInfo.InvariantCulture, $"redshift://awsuser:{LocalServer.Password}@127.0.0.1:{server.Port}/dev?sslmode=disable");
        var columns = set.Columns.Replace(" text", " varchar(512)", StringComparison.Ordinal).Replace(" uuid", " varchar(36)", StringComparison.Ordinal);
        await MustAsync(Programs.Find("psql")!, ["-X", "-q", "-d", server.Redshift, "-c", $"create table {set.Table} ({columns})"]);
        await LoadAsync($"LOAD CSV FROM '{file.Path}' INTO {source} TARGET TABLE {set.Table} WITH fields terminated by ',';");
        File.Delete(file.Path);
        var into = string.Create(CultureInfo.InvariantCulture, $"postgresql://{target.User}:{Uri.EscapeDataString(target.Password)}@{Uri.EscapeDataString(target.Host)}:{target.Port}/{target.Database}");
        var page = new StringBuilder("| way | wall s | rows/s | client CPU s | peak MB |\n|---|--:|--:|--:|--:|\n");
        var data = new List<object>();
        foreach (var (name, with) in Ways)
        {
            var rounds = new List<Measurement>();
            for (var round = 0; round < options.Rounds; round++)
            {
                rounds.Add(await LoadAsync($"LOAD DATABASE FROM {source} INTO {into} WITH {with};"));
                var found = (await target.QueryAsync($"SELECT count(*) FROM public.{set.Table}"))[1][0];
                if (found != file.Rows.ToString(CultureInfo.InvariantCulture))
                {
                    Console.Error.WriteLine($"  {name}: WRONG: {found} of {file.Rows} rows");
                    return 1;
                }

                Console.Error.WriteLine($"  {name} round {round + 1}: {rounds[^1].Wall:0.00} s");
            }

            var walls = rounds.Select(round => round.Wall).Order().ToArray();
            var wall = walls[walls.Length / 2];
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {name} | {wall:0.00} | {file.Rows / wall:0} | {rounds.Average(round => round.ClientCpu):0.00} | {rounds.Max(round => round.PeakBytes) / 1e6:0} |\n");
            data.Add(new { name, file.Rows, file.Bytes, Wall = walls, Cpu = rounds.Select(round => round.ClientCpu), Peak = rounds.Max(round => round.PeakBytes) });
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"""

            One table of {file.Rows:0} rows ({options.Bytes / 1e6:0} MB of CSV), {options.Rounds} rounds, median, from the start of the process to its end. Rows are counted after each. Source, its store,
            target and client share the processors of this machine: redshift-local's work is in every wall time, and its UNLOAD is that of one process, not of a
            cluster's slices. On a real cluster the leader's one stream is what UNLOAD avoids, which this does not show.

            """);
        Console.WriteLine(page);
        var versions = new List<(string, string)> { (".NET", Environment.Version.ToString()), ("processor", Programs.ProcessorModel()) };
        Console.WriteLine("Kept in " + new Report(options.Results, string.Create(CultureInfo.InvariantCulture, $"redshift-source-{options.Bytes / 1_000_000}MB"), versions).Write(page.ToString(), data));
        return 0;
    }

    private async Task<Measurement> LoadAsync(string text)
    {
        var command = Path.Combine(options.Folder, "source.load");
        await File.WriteAllTextAsync(command, text);
        return await MustAsync(Path.GetFullPath(options.Sluice), [command]);
    }

    private async Task<Measurement> MustAsync(string program, string[] arguments)
    {
        var measured = await _runner.RunAsync(program, arguments, options.Folder);
        return measured.ExitCode == 0 ? measured : throw new InvalidOperationException($"{Path.GetFileName(program)} failed: {measured.Output}");
    }
}

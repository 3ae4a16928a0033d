using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks.RedshiftLocal;

/// <summary>Whole loads with build/sluice into redshift-local: one COPY for the table against a COPY for each batch.</summary>
public sealed class RedshiftLoads(BenchOptions options)
{
    private static readonly (string Name, string Options)[] Ways =
    [
        ("copy per table, gzip", "copy per table"),
        ("copy per table, zstd", "compress = zstd"),
        ("copy per table, plain", "compress = none"),
        ("copy per batch of 4 MB", "copy per batch"),
        ("copy per batch as pgloader's (25,000 rows, 20 MB)", "copy per batch, batch rows = 25000, batch size = 20MB"),
    ];

    private readonly ProgramRunner _runner = new(null);
    private readonly string _psql = Programs.Find("psql") ?? throw new InvalidOperationException("psql is needed: install postgresql-client");

    /// <summary>Returns the exit code: 1 when rows are missing or a round failed.</summary>
    public async Task<int> RunAsync()
    {
        var page = new StringBuilder("| set | way | rows | MB | median s | MB/s | client CPU s/GB | peak MB | verified |\n|---|---|--:|--:|--:|--:|--:|--:|---|\n");
        var data = new List<object>();
        var isRight = true;
        await using (var server = await LocalServer.StartAsync(Path.GetFullPath("build/redshift-local"), Path.Combine(options.Folder, "redshift-loads")))
        {
            SetEnvironment(server);
            foreach (var set in options.Sets.Where(set => set.Name is "typed" or "mixed"))
            {
                var file = set.Generate(Path.Combine(options.Folder, set.Name + ".csv"), null, options.Bytes);
                foreach (var (name, words) in Ways)
                {
                    var rounds = new List<Measurement>();
                    var isVerified = true;
                    for (var round = 0; round < options.Rounds; round++)
                    {
                        rounds.Add(await LoadAsync(server, set, file.Path, words));
                        var count = (await PsqlAsync(server, "select count(*) from bench_rows", "-At")).Output.Trim();
                        isVerified &= rounds[^1].ExitCode == 0 && count == file.Rows.ToString(CultureInfo.InvariantCulture);
                        Console.Error.WriteLine($"  {set.Name} {name} round {round + 1}: {rounds[^1].Wall:0.00} s{(isVerified ? "" : "  WRONG: " + count + " " + rounds[^1].Output)}");
                    }

                    isRight &= isVerified;
                    var wall = Median(rounds, one => one.Wall);
                    page.Append(
                        CultureInfo.InvariantCulture,
                        $"| {set.Name} | {name} | {file.Rows} | {file.Bytes / 1e6:0} | {wall:0.00} | {file.Bytes / 1e6 / wall:0.0} | {Median(rounds, one => one.ClientCpu) / (file.Bytes / 1e9):0.0} | {rounds.Max(one => one.PeakBytes) / 1e6:0} | {(isVerified ? "yes" : "**NO**")} |\n");
                    data.Add(new { Set = set.Name, Way = name, file.Rows, file.Bytes, Wall = rounds.Select(one => one.Wall), Cpu = rounds.Select(one => one.ClientCpu), isVerified });
                }

                File.Delete(file.Path);
            }
        }

        Directory.Delete(Path.Combine(options.Folder, "redshift-loads"), recursive: true);
        page.Append("\nClient and redshift-local share the processors: the times are those of both. On a cluster each COPY has a commit of its own cost besides.\n");
        Console.WriteLine(page);
        var versions = new List<(string, string)> { (".NET", Environment.Version.ToString()), ("processor", Programs.ProcessorModel()) };
        Console.WriteLine("Kept in " + new Report(
            options.Results, string.Create(CultureInfo.InvariantCulture, $"redshift-loads-{options.Bytes / 1_000_000}MB"), versions).Write(page.ToString(), data));
        return isRight ? 0 : 1;
    }

    private static double Median(List<Measurement> rounds, Func<Measurement, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);

    // What the program and psql find their way by.
    private static void SetEnvironment(LocalServer server)
    {
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL", server.Store.ToString());
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", LocalServer.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", LocalServer.SecretKey);
        Environment.SetEnvironmentVariable("AWS_S3_BUCKET_NAME", LocalServer.Bucket);
        Environment.SetEnvironmentVariable("AWS_DEFAULT_REGION", "us-east-1");
    }

    private async Task<Measurement> LoadAsync(LocalServer server, DataSet set, string path, string words)
    {
        var columns = set.Columns.Replace(" text", " varchar(512)", StringComparison.Ordinal).Replace(" uuid", " varchar(36)", StringComparison.Ordinal);
        await PsqlAsync(server, "drop table if exists bench_rows");
        await PsqlAsync(server, $"create table bench_rows ({columns})");
        var command = Path.Combine(options.Folder, "redshift.load");
        await File.WriteAllTextAsync(
            command,
            $"LOAD CSV FROM '{path}' INTO redshift://awsuser:{LocalServer.Password}@127.0.0.1:{server.Port}/dev?sslmode=disable TARGET TABLE bench_rows WITH fields terminated by ',', {words};");
        return await _runner.RunAsync(Path.GetFullPath(options.Sluice), ["--root-dir", Path.Combine(options.Folder, "redshift-rejects"), command]);
    }

    private async Task<Measurement> PsqlAsync(LocalServer server, string sql, params string[] arguments)
    {
        var measured = await _runner.RunAsync(_psql, ["-X", "-q", "-v", "ON_ERROR_STOP=1", .. arguments, "-d", server.Redshift, "-c", sql]);
        return measured.ExitCode == 0 ? measured : throw new InvalidOperationException($"{sql}: {measured.Output}");
    }
}

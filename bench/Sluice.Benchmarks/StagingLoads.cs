using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.Measuring;
using Sluice.Benchmarks.RedshiftLocal;

namespace Sluice.Benchmarks;

/// <summary>
/// How fast a CSV file gets into S3 as a load of build/sluice brings it there (read, checked, encoded, bad rows set aside, compressed, uploaded),
/// against programs that only compress and upload it.
/// </summary>
public sealed class StagingLoads(BenchOptions options)
{
    private const string End = "the measurement ends here";

    // The COPY is refused at once, whatever it would read.
    private const string Faults = $$"""{"faults": [{"point": "statement", "regex": "^COPY", "kind": "error", "code": "0A000", "message": "{{End}}"}]}""";

    private static readonly string[] Ways = ["gzip", "zstd", "none"];

    private readonly ProgramRunner _runner = new(null);
    private readonly List<Series> _series = [];

    /// <summary>Returns the exit code: 1 when rows are missing.</summary>
    public async Task<int> RunAsync()
    {
        var faults = Path.Combine(options.Folder, "faults.json");
        await File.WriteAllTextAsync(faults, Faults);
        var isRight = true;
        var sets = options.Sets.Where(set => set.Name is "typed" or "typed-bad" or "mixed").ToArray();
        foreach (var set in sets)
        {
            var file = set.Generate(Path.Combine(options.Folder, set.Name + ".csv"), null, options.Bytes);
            await using (var whole = await StartAsync(set))
            {
                isRight &= await IsRightAsync(whole, set, file);
            }

            await using (var server = await StartAsync(set, "--faults", faults))
            {
                await MeasureAsync(server, set, file);
            }

            File.Delete(file.Path);
        }

        var page = Page();
        Console.WriteLine(page);
        var versions = new List<(string, string)> { (".NET", Environment.Version.ToString()), ("processor", Programs.ProcessorModel()) };
        var data = _series.Select(one => new { Set = one.File.Set.Name, one.Name, one.File.Bytes, one.File.Rows, Wall = one.Rounds.Select(round => round.Wall), Cpu = one.Rounds.Select(round => round.ClientCpu), Peak = one.Rounds.Max(round => round.PeakBytes) });
        Console.WriteLine("Kept in " + new Report(
            options.Results, string.Create(CultureInfo.InvariantCulture, $"staging-{string.Join('-', sets.Select(set => set.Name))}-{options.Bytes / 1_000_000}MB"), versions).Write(page, data));
        return isRight ? 0 : 1;
    }

    private static double Median(Series one, Func<Measurement, double> value)
    {
        var sorted = one.Rounds.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private string Page()
    {
        var page = new StringBuilder("| set | what | wall s | MB/s of CSV | × the time of gzip -1 and the faster client | client CPU s/GB | peak MB |\n|---|---|--:|--:|--:|--:|--:|\n");
        foreach (var one in _series)
        {
            var wall = Median(one, round => round.Wall);
            var peers = _series.Where(other => other.File == one.File && other.Name.StartsWith("gzip", StringComparison.Ordinal)).ToArray();
            var ratio = peers.Length == 0 ? "" : (wall / peers.Min(peer => Median(peer, round => round.Wall))).ToString("0.00", CultureInfo.InvariantCulture);
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {one.File.Set.Name} | {one.Name} | {wall:0.00} | {one.File.Bytes / 1e6 / wall:0} | {ratio} | {Median(one, round => round.ClientCpu) / (one.File.Bytes / 1e9):0.0} | {one.Rounds.Max(round => round.PeakBytes) / 1e6:0} |\n");
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"""

            {options.Bytes / 1e6:0} MB of CSV, {options.Rounds} rounds, median. Goal: a load is not slower than `gzip -1` piped into an S3 client.

            A load of build/sluice is measured from the start of the process to its end: start, connect, catalog, preflight, read, every check, encoding,
            reject files, compression, upload, manifest. Only the COPY itself is left out: redshift-local, on the same processors, refuses it at once, and
            the staged files are deleted, which counts. One load of each set was done with its COPY before, and its rows and rejects counted. The others
            take the file's bytes as they are and check nothing. All upload to the store of redshift-local, whose work on the same processors is in every
            wall time and in no CPU time. typed-bad has a bad row in 1,000. The peak of a pipe is that of its programs together.

            """);
        return page.ToString();
    }

    private async Task<bool> IsRightAsync(LocalServer server, DataSet set, GeneratedFile file)
    {
        var measured = await LoadAsync(server, set, file.Path, Ways[0]);
        var count = (await PsqlAsync(server, $"select count(*) from {set.Table}", "-At")).Output.Trim();
        var rejects = Directory.EnumerateFiles(Rejects(set), "*.dat", SearchOption.AllDirectories).Sum(path => File.ReadLines(path).LongCount());
        var isRight = measured.ExitCode == set.ExpectedExitCode && count == (file.Rows - file.BadRows).ToString(CultureInfo.InvariantCulture) && rejects == file.BadRows;
        Console.Error.WriteLine($"  {set.Name}: {(isRight ? "verified" : $"WRONG: {count} rows, {rejects} rejects, {measured.Output}")}");
        return isRight;
    }

    private async Task MeasureAsync(LocalServer server, DataSet set, GeneratedFile file)
    {
        foreach (var way in Ways)
        {
            await RoundsAsync(new Series(new Input(set, file.Rows, file.Bytes), $"sluice, {way}", []), async () =>
            {
                var measured = await LoadAsync(server, set, file.Path, way);
                return measured.ExitCode == 1 && measured.Output.Contains(End, StringComparison.Ordinal)
                    ? measured
                    : throw new InvalidOperationException($"the load did not come to its COPY: {measured.Output}");
            });
        }

        foreach (var (name, read) in new[] { ("gzip -1, ", $"gzip -1 < '{file.Path}'"), ("", $"cat '{file.Path}'") })
        {
            foreach (var (client, arguments) in Clients())
            {
                await RoundsAsync(new Series(new Input(set, file.Rows, file.Bytes), name + client, []), async () =>
                {
                    var measured = await _runner.RunAsync("bash", ["-c", $"set -o pipefail; {read} | \"$@\"", "bash", .. arguments]);
                    return measured.ExitCode == 0 ? measured : throw new InvalidOperationException($"{client} failed: {measured.Output}");
                });
            }
        }
    }

    private async Task RoundsAsync(Series series, Func<Task<Measurement>> runAsync)
    {
        for (var round = 0; round < options.Rounds; round++)
        {
            series.Rounds.Add(await runAsync());
            Console.Error.WriteLine($"  {series.File.Set.Name} {series.Name} round {round + 1}: {series.Rounds[^1].Wall:0.00} s");
        }

        _series.Add(series);
    }

    private IEnumerable<(string Name, string[] Arguments)> Clients()
    {
        if (Programs.Find("s3cmd") is { } s3cmd)
        {
            yield return ("s3cmd put", [s3cmd, "-q", "-c", Path.Combine(options.Folder, "s3cfg"), "put", "-", $"s3://{LocalServer.Bucket}/s3cmd"]);
        }

        yield return ("boto3", ["python3", "-c",
            $"""
            import boto3, os, sys
            from botocore.config import Config
            boto3.client('s3', endpoint_url=os.environ['AWS_ENDPOINT_URL'], region_name='us-east-1', config=Config(s3={"{"}'addressing_style': 'path'{"}"})) \
                .upload_fileobj(sys.stdin.buffer, '{LocalServer.Bucket}', 'boto')
            """]);
    }

    // A server with the set's table, and where all programs find it.
    private async Task<LocalServer> StartAsync(DataSet set, params string[] arguments)
    {
        var folder = Path.Combine(options.Folder, "staging-server");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var server = await LocalServer.StartAsync(Path.GetFullPath("build/redshift-local"), folder, arguments);
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL", server.Store.ToString());
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", LocalServer.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", LocalServer.SecretKey);
        Environment.SetEnvironmentVariable("AWS_S3_BUCKET_NAME", LocalServer.Bucket);
        Environment.SetEnvironmentVariable("AWS_DEFAULT_REGION", "us-east-1");
        await File.WriteAllTextAsync(
            Path.Combine(options.Folder, "s3cfg"),
            $"""
            [default]
            access_key = {LocalServer.AccessKey}
            secret_key = {LocalServer.SecretKey}
            host_base = {server.Store.Authority}
            host_bucket = {server.Store.Authority}
            use_https = False
            bucket_location = us-east-1

            """);
        var columns = set.Columns.Replace(" text", " varchar(512)", StringComparison.Ordinal).Replace(" uuid", " varchar(36)", StringComparison.Ordinal);
        await PsqlAsync(server, $"create table {set.Table} ({columns})");
        return server;
    }

    private string Rejects(DataSet set) => Path.Combine(options.Folder, "staging-rejects-" + set.Name);

    private async Task<Measurement> LoadAsync(LocalServer server, DataSet set, string path, string compression)
    {
        if (Directory.Exists(Rejects(set)))
        {
            Directory.Delete(Rejects(set), recursive: true);
        }

        Directory.CreateDirectory(Rejects(set));
        var command = Path.Combine(options.Folder, "staging.load");
        await File.WriteAllTextAsync(
            command,
            $"LOAD CSV FROM '{path}' INTO redshift://awsuser:{LocalServer.Password}@127.0.0.1:{server.Port}/dev?sslmode=disable TARGET TABLE {set.Table} "
            + $"WITH fields terminated by ',', compress = {compression};");
        return await _runner.RunAsync(Path.GetFullPath(options.Sluice), ["--root-dir", Rejects(set), command]);
    }

    private async Task<Measurement> PsqlAsync(LocalServer server, string sql, params string[] arguments)
    {
        var psql = Programs.Find("psql") ?? throw new InvalidOperationException("psql is needed: install postgresql-client");
        var measured = await _runner.RunAsync(psql, ["-X", "-q", "-v", "ON_ERROR_STOP=1", .. arguments, "-d", server.Redshift, "-c", sql]);
        return measured.ExitCode == 0 ? measured : throw new InvalidOperationException($"{sql}: {measured.Output}");
    }

    private sealed record Input(DataSet Set, long Rows, long Bytes);

    private sealed record Series(Input File, string Name, List<Measurement> Rounds);
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>How fast a CSV file gets into a bucket, and at what cost, against gzip and S3 clients; and what 50 ms of latency do to that.</summary>
public sealed class Staging(BenchOptions options)
{
    private const int Latency = 50;

    private const string Boto =
        """
        import boto3, os, sys
        from botocore.config import Config
        boto3.client('s3', endpoint_url=os.environ['AWS_ENDPOINT_URL'], region_name='us-east-1', config=Config(s3={'addressing_style': 'path'})) \
            .upload_fileobj(sys.stdin.buffer, os.environ['AWS_S3_BUCKET_NAME'], 'boto')
        """;

    public async Task<int> RunAsync()
    {
        var file = Path.Combine(options.Folder, "staging.csv");
        DataSets.ByName("mixed").Generate(file, null, options.Bytes);
        var bytes = new FileInfo(file).Length;
        var rows = new List<(string Name, int Latency, List<Measurement> Rounds)>();
        foreach (var latency in new[] { 0, Latency })
        {
            using var store = await StartStoreAsync(latency);
            var runner = new ProgramRunner(store.Id);
            foreach (var (name, program, arguments) in Programs(file, isPeerWanted: latency == 0))
            {
                var rounds = new List<Measurement>();
                for (var round = 0; round < options.Rounds; round++)
                {
                    var measured = await runner.RunAsync(program, arguments);
                    if (measured.ExitCode != 0)
                    {
                        throw new InvalidOperationException($"{name} failed: {measured.Output}");
                    }

                    rounds.Add(measured);
                }

                rows.Add((name, latency, rounds));
            }

            store.StandardInput.Close();
            await store.WaitForExitAsync();
        }

        File.Delete(file);
        var page = new StringBuilder("| what | latency ms | wall s | MB/s of CSV | client CPU s/GB | peak MB |\n|---|--:|--:|--:|--:|--:|\n");
        foreach (var (name, latency, rounds) in rows)
        {
            var wall = Median(rounds, round => round.Wall);
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {name} | {latency} | {wall:0.00} | {bytes / 1e6 / wall:0} | {Median(rounds, round => round.ClientCpu) / (bytes / 1e9):0.00} | {rounds.Max(round => round.PeakBytes) / 1e6:0} |\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"\nSet mixed, {bytes / 1e6:0} MB, {options.Rounds} rounds, median. Latency is added to every request.\n");
        Console.WriteLine(page);
        var versions = new List<(string, string)> { (".NET", Environment.Version.ToString()), ("processor", Benchmarks.Programs.ProcessorModel()) };
        var data = rows.Select(row => new { row.Name, row.Latency, Wall = Median(row.Rounds, round => round.Wall), Cpu = Median(row.Rounds, round => round.ClientCpu) });
        Console.WriteLine("Kept in " + new Report(options.Results, "staging", versions).Write(page.ToString(), data));
        return 0;
    }

    private static double Median(List<Measurement> rounds, Func<Measurement, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);

    private async Task<Process> StartStoreAsync(int latency)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["store", Path.Combine(options.Folder, $"store-{latency}"), latency.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var store = Process.Start(start)!;
        var endpoint = await store.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the store did not start");
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL", endpoint);
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", StagingProcesses.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", StagingProcesses.SecretKey);
        Environment.SetEnvironmentVariable("AWS_S3_BUCKET_NAME", StagingProcesses.Bucket);
        var uri = new Uri(endpoint);
        await File.WriteAllTextAsync(
            Path.Combine(options.Folder, "s3cfg"),
            $"""
            [default]
            access_key = {StagingProcesses.AccessKey}
            secret_key = {StagingProcesses.SecretKey}
            host_base = {uri.Authority}
            host_bucket = {uri.Authority}
            use_https = False
            bucket_location = us-east-1

            """);
        return store;
    }

    private IEnumerable<(string Name, string Program, string[] Arguments)> Programs(string file, bool isPeerWanted)
    {
        var self = Environment.ProcessPath!;
        foreach (var compression in new[] { "none", "gzip", "zstd" })
        {
            foreach (var writers in new[] { "1", "2" })
            {
                yield return ($"sluice, {compression}, {writers} writer(s)", self, ["stage", file, compression, writers]);
            }
        }

        if (!isPeerWanted)
        {
            yield break;
        }

        foreach (var gzip in new[] { "", "gzip -1 |", "gzip -6 |" })
        {
            var read = gzip.Length == 0 ? $"cat '{file}' |" : $"{gzip.TrimEnd('|')} < '{file}' |";
            if (Benchmarks.Programs.Find("s3cmd") is not null)
            {
                yield return ($"{gzip} s3cmd put", "bash", ["-c", $"set -o pipefail; {read} s3cmd -q -c '{options.Folder}/s3cfg' put - s3://{StagingProcesses.Bucket}/s3cmd"]);
            }

            yield return ($"{gzip} boto3", "bash", ["-c", $"set -o pipefail; {read} python3 -c \"$1\"", "bash", Boto]);
        }
    }
}

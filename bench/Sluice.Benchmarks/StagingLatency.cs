using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>What 50 ms of latency do to the upload of bytes that are already CSV: no parsing, no checks, the staging area alone.</summary>
public sealed class StagingLatency(BenchOptions options)
{
    private const int Latency = 50;

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
            foreach (var (name, arguments) in Ways(file))
            {
                var rounds = new List<Measurement>();
                for (var round = 0; round < options.Rounds; round++)
                {
                    var measured = await runner.RunAsync(Environment.ProcessPath!, arguments);
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
        var versions = new List<(string, string)> { (".NET", Environment.Version.ToString()), ("processor", Programs.ProcessorModel()) };
        var data = rows.Select(row => new { row.Name, row.Latency, Wall = Median(row.Rounds, round => round.Wall), Cpu = Median(row.Rounds, round => round.ClientCpu) });
        Console.WriteLine("Kept in " + new Report(options.Results, "staging-latency", versions).Write(page.ToString(), data));
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
        return store;
    }

    private static IEnumerable<(string Name, string[] Arguments)> Ways(string file)
    {
        foreach (var compression in new[] { "none", "gzip", "zstd" })
        {
            foreach (var writers in new[] { "1", "2" })
            {
                yield return ($"{compression}, {writers} writer(s)", ["stage", file, compression, writers]);
            }
        }
    }
}

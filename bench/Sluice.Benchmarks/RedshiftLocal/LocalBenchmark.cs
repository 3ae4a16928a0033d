using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Data;

namespace Sluice.Benchmarks.RedshiftLocal;

/// <summary>How soon redshift-local is ready, how fast its COPY and its store are, how much memory it takes.</summary>
public sealed class LocalBenchmark(BenchOptions options)
{
    private const double TimesDirect = 8;
    private const double MemoryGrowth = 1.5;
    private const long ObjectBytes = 200_000_000;

    private readonly string _program = Path.GetFullPath("build/redshift-local");
    private readonly string _data = Path.Combine(options.Folder, "redshift-data");
    private readonly List<CopySeries> _copies = [];
    private readonly List<StoreSpeed> _stores = [];
    private readonly List<double> _newFolder = [];
    private readonly List<double> _oldFolder = [];

    /// <summary>Returns the exit code: 1 when rows differ or a goal was missed.</summary>
    public async Task<int> RunAsync()
    {
        await MeasureStartAsync();
        await using (var server = await LocalServer.StartAsync(_program, _data))
        {
            using var own = new StoreSpeed("redshift-local", server.Store, LocalServer.AccessKey, LocalServer.SecretKey, "us-east-1", LocalServer.Bucket);
            var copies = new LocalCopies(options, server, own);
            foreach (var set in options.Sets.Where(set => set.Name is "typed" or "mixed"))
            {
                _copies.AddRange(await copies.MeasureAsync(set));
            }

            await MeasureStoresAsync(own);
        }

        Directory.Delete(_data, recursive: true);
        var page = Page();
        Console.WriteLine(page);
        var name = string.Create(CultureInfo.InvariantCulture, $"redshift-local-{options.Bytes / 1_000_000}MB");
        Console.WriteLine("Kept in " + new Report(options.Results, name, Versions()).Write(page, Data()));
        return _copies.Count > 0 && _copies.All(one => one.IsVerified && Ratio(one) <= TimesDirect) && IsFlat() ? 0 : 1;
    }

    private async Task MeasureStartAsync()
    {
        for (var round = 0; round < options.Rounds; round++)
        {
            var folder = Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"start-{round}"));
            foreach (var times in new[] { _newFolder, _oldFolder })
            {
                await using var server = await LocalServer.StartAsync(_program, folder);
                times.Add(server.ReadySeconds);
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task MeasureStoresAsync(StoreSpeed own)
    {
        _stores.Add(own);
        if (Swift() is { } swift)
        {
            await swift.MakeBucketAsync();
            _stores.Add(swift);
        }

        var path = Path.Combine(options.Folder, "object");
        new MixedSet().Generate(path, null, ObjectBytes);
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var store in _stores)
            {
                await store.RoundAsync(path);
            }
        }

        File.Delete(path);
    }

    private static StoreSpeed? Swift() =>
        Variable("ENDPOINT") is { } endpoint
            ? new StoreSpeed("Swift", new Uri(endpoint), Variable("ACCESS_KEY")!, Variable("SECRET_KEY")!, Variable("REGION") ?? "us-east-1", "redshift-local-bench")
            : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable("REDSHIFT_BENCH_SWIFT_" + name);

    private string Page()
    {
        var page = new StringBuilder("| set | way | rows | MB | median s | least s | MB/s | × the time of psql | peak MB | verified |\n|---|---|--:|--:|--:|--:|--:|--:|--:|---|\n");
        foreach (var one in _copies)
        {
            var ratio = one.Way == LocalCopies.Tenth ? "" : Ratio(one).ToString("0.00", CultureInfo.InvariantCulture);
            var peak = one.PeakBytes.Count == 0 ? "" : (one.PeakBytes.Max() / 1e6).ToString("0", CultureInfo.InvariantCulture);
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {one.Set} | {one.Way} | {one.Rows} | {one.Bytes / 1e6:0} | {one.Median:0.00} | {one.Seconds.Min():0.00} | {one.Bytes / 1e6 / one.Median:0.0} | {ratio} | {peak} | {(one.IsVerified ? "yes" : "**NO**")} |\n");
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"\nGoal: within {TimesDirect:0} times psql's `\\copy` of the same file into the same columns of the PostgreSQL behind; MB are those of the CSV. The peak is the resident set of the redshift-local process during the load, flat when it is within {MemoryGrowth} times that of a tenth of the data: {(IsFlat() ? "it is" : "**it is not**")}. Each round starts with a new table and a checkpoint; verified means the same count and digest of rows as psql's.\n\n");
        page.Append("| start | median s | least s |\n|---|--:|--:|\n");
        page.Append(CultureInfo.InvariantCulture, $"| new data folder | {Median(_newFolder):0.00} | {_newFolder.Min():0.00} |\n");
        page.Append(CultureInfo.InvariantCulture, $"| existing data folder | {Median(_oldFolder):0.00} | {_oldFolder.Min():0.00} |\n\n");
        page.Append(CultureInfo.InvariantCulture, $"| store | {string.Join(" | ", _stores[0].Seconds.Keys.Select(what => what + " MB/s"))} |\n|---|--:|--:|--:|\n");
        foreach (var store in _stores)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {store.Name} | {string.Join(" | ", store.Seconds.Values.Select(seconds => Speed(seconds).ToString("0", CultureInfo.InvariantCulture)))} |\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"\nAn object of {ObjectBytes / 1_000_000} MB, AWSSDK.S3 at its defaults over http, parts of 16 MiB one after another. ");
        page.Append(_stores.Count > 1
            ? "Swift with s3api ran on the same machine.\n"
            : "Not measured here: Swift 2.38 with s3api, which gave 187 MB/s PUT, 168 multipart and 234 GET on another day with two cores.\n");
        return page.ToString();
    }

    private object Data() => new
    {
        Copies = _copies.Select(one => new { one.Set, one.Way, one.Rows, one.Bytes, one.Median, one.Seconds, one.PeakBytes, one.IsVerified, Ratio = Ratio(one) }),
        Start = new { NewFolder = _newFolder, ExistingFolder = _oldFolder },
        Stores = _stores.Select(store => new { store.Name, store.Seconds }),
    };

    private static List<(string, string)> Versions() =>
    [
        (".NET", Environment.Version.ToString()), ("processors", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {Programs.ProcessorModel()}")),
    ];

    private bool IsFlat() => _copies.Where(one => one.Way == LocalCopies.Plain).All(
        one => one.PeakBytes.Max() <= MemoryGrowth * _copies.First(other => other.Set == one.Set && other.Way == LocalCopies.Tenth).PeakBytes.Max());

    private double Ratio(CopySeries one) => one.Median / _copies.First(other => other.Set == one.Set && other.Way == LocalCopies.Direct).Median;

    private static double Speed(List<double> seconds) => ObjectBytes / 1e6 / Median(seconds);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

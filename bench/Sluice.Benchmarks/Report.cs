using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>One loader's rounds on one set.</summary>
public sealed record SeriesResult
{
    public required string Set { get; init; }

    public required string Loader { get; init; }

    public required long Rows { get; init; }

    public required long Bytes { get; init; }

    public required IReadOnlyList<Measurement> Rounds { get; init; }

    /// <summary>Every round held the same rows as the reference, by count and digest.</summary>
    public required bool IsVerified { get; init; }

    public required string Command { get; init; }

    public double Wall => Median(round => round.Wall);

    public double ClientCpu => Median(round => round.ClientCpu);

    public double ServerCpu => Median(round => round.ServerCpu);

    public long PeakBytes => Rounds.Max(round => round.PeakBytes);

    public double MegabytesPerSecond => Bytes / 1e6 / Wall;

    private double Median(Func<Measurement, double> value)
    {
        var sorted = Rounds.Select(value).Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>Keeps results: a page to read and the same as JSON.</summary>
public sealed class Report(string results, string name, IReadOnlyList<(string Label, string Value)> versions)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The kind of machine, without its name: <c>linux-x64-2core</c>.</summary>
    public static string Machine { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"{(OperatingSystem.IsLinux() ? "linux" : "other")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}-{Environment.ProcessorCount}core");

    /// <summary>Writes both files and returns the path of the page.</summary>
    public string Write(string markdown, object data)
    {
        var folder = Path.Combine(results, Machine);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}-{name}"));
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {name}, {Machine}, {DateTime.UtcNow:yyyy-MM-dd}\n\n");
        foreach (var (label, value) in versions)
        {
            page.Append(CultureInfo.InvariantCulture, $"- {label}: {value}\n");
        }

        page.Append('\n').Append(markdown);
        File.WriteAllText(path + ".md", page.ToString());
        File.WriteAllText(
            path + ".json",
            JsonSerializer.Serialize(new { name, machine = Machine, versions = versions.ToDictionary(v => v.Label, v => v.Value), data }, Indented) + "\n");
        return path + ".md";
    }

    /// <summary>A table row for each series; ratios are throughput against the first psql series of the same set.</summary>
    public static string Table(IReadOnlyList<SeriesResult> series, IReadOnlyDictionary<string, string?> cleanSets)
    {
        var page = new StringBuilder();
        page.Append("| set | loader | rounds | wall s | MB/s | × psql | × clean | client CPU s | server CPU s | peak MB | verified |\n");
        page.Append("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|\n");
        foreach (var one in series)
        {
            var psql = series.FirstOrDefault(other => other.Set == one.Set && other.Loader == "psql");
            var clean = cleanSets[one.Set] is { } name ? series.FirstOrDefault(other => other.Set == name && other.Loader == one.Loader) : null;
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {one.Set} | {one.Loader} | {one.Rounds.Count} | {one.Wall:0.00} | {one.MegabytesPerSecond:0.0} | {Ratio(one, psql)} | {Ratio(one, clean)} ");
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {one.ClientCpu:0.00} | {one.ServerCpu:0.00} | {one.PeakBytes / 1e6:0} | {(one.IsVerified ? "yes" : "**NO**")} |\n");
        }

        return page.ToString();
    }

    private static string Ratio(SeriesResult one, SeriesResult? other) =>
        other is null ? "" : (one.MegabytesPerSecond / other.MegabytesPerSecond).ToString("0.00", CultureInfo.InvariantCulture);
}

using System.Globalization;
using Sluice.Benchmarks.Data;

namespace Sluice.Benchmarks;

/// <summary>What to measure; each from an environment variable that make passes on.</summary>
public sealed record BenchOptions
{
    public required long Bytes { get; init; }

    public required int Rounds { get; init; }

    /// <summary>pgloader takes many times as long: its rounds are counted on their own.</summary>
    public required int PgloaderRounds { get; init; }

    public required IReadOnlyList<DataSet> Sets { get; init; }

    /// <summary>The published program.</summary>
    public required string Sluice { get; init; }

    /// <summary>Where data files and reject files go; removed at the end by who made it.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder of kept results.</summary>
    public required string Results { get; init; }

    public required int ServerProcess { get; init; }

    public static BenchOptions FromEnvironment() => new()
    {
        Bytes = ParseSize(Variable("SIZE", "1GB")),
        Rounds = int.Parse(Variable("ROUNDS", "3"), CultureInfo.InvariantCulture),
        PgloaderRounds = int.Parse(Variable("PGLOADER_ROUNDS", "1"), CultureInfo.InvariantCulture),
        Sets = [.. Variable("SETS", "typed mixed text typed-bad typed-check typed-odd").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(DataSets.ByName)],
        Sluice = Variable("SLUICE", "build/sluice"),
        Folder = Variable("BENCH_FOLDER", Path.GetTempPath()),
        Results = Variable("BENCH_RESULTS", "bench/results"),
        ServerProcess = int.Parse(Variable("BENCH_SERVER_PROCESS", "0"), CultureInfo.InvariantCulture),
    };

    public static long ParseSize(string text)
    {
        var digits = text.TrimEnd('k', 'K', 'M', 'G', 'B');
        var unit = text[digits.Length..].ToUpperInvariant() switch
        {
            "GB" or "G" => 1_000_000_000L,
            "MB" or "M" => 1_000_000L,
            "KB" or "K" => 1_000L,
            "" or "B" => 1L,
            _ => throw new ArgumentException($"SIZE={text}: write a number and kB, MB or GB"),
        };
        return (long)(double.Parse(digits, CultureInfo.InvariantCulture) * unit);
    }

    private static string Variable(string name, string fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : fallback;
}

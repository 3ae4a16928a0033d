using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Diagnostics;

namespace Sluice.Runs.Summary;

/// <summary>The summary as one JSON document, <c>sluice-summary/1</c>; described in docs/summary.md.</summary>
public static class JsonSummary
{
    public const string Schema = "sluice-summary/1";

    /// <summary>All runs; <paramref name="exitCode"/> is what the process returns, <paramref name="version"/> that of the program.</summary>
    public static string Write(IReadOnlyList<SummaryReport> reports, string version, ExitCode exitCode)
    {
        var document = new JsonSummaryDocument(
            Schema, version, (int)exitCode, Math.Round(reports.Sum(report => report.Elapsed.TotalSeconds), 3), [.. reports.Select(Run)]);
        return JsonSerializer.Serialize(document, JsonSummaryContext.Readable.JsonSummaryDocument) + "\n";
    }

    private static JsonSummaryRun Run(SummaryReport report) => new()
    {
        Command = report.Command,
        Kind = report.Kind,
        Target = report.Target,
        ExitCode = (int)report.ExitCode,
        StartedAt = report.StartedAt,
        Seconds = Seconds(report.Elapsed),
        Read = report.Read,
        Loaded = report.Loaded,
        Rejected = report.Rejected,
        Skipped = report.Skipped,
        Bytes = report.Bytes,
        Balanced = report.IsBalanced,
        Before = Steps(report, SummarySection.Before),
        Tables = [.. report.Section(SummarySection.Data).Select(Table)],
        After = Steps(report, SummarySection.After),
        Failures = [.. report.Failures.Select(failure => new JsonSummaryFailure((int)failure.ExitCode, failure.Message, failure.Hint))],
        Notices = [.. report.Notices],
        RejectFiles = [.. report.RejectFiles],
        RejectReasons = [.. report.RejectReasons.Select(reason => new JsonSummaryReason(reason.Reason, reason.Count))],
    };

    private static JsonSummaryStep[] Steps(SummaryReport report, SummarySection section) =>
        [.. report.Section(section).Select(row => new JsonSummaryStep(row.Label, row.Loaded, row.Rejected, Seconds(row.Elapsed)))];

    private static JsonSummaryTable Table(SummaryRow row) => new(
        row.Label, row.Read, row.Loaded, row.Rejected, row.Skipped, row.Bytes, row.SourceBytes,
        Seconds(row.Elapsed), Seconds(row.ReadTime), Seconds(row.WriteTime));

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}

internal sealed record JsonSummaryDocument(string Schema, string Version, int ExitCode, double Seconds, JsonSummaryRun[] Runs);

internal sealed record JsonSummaryRun
{
    public required string Command { get; init; }

    public required string Kind { get; init; }

    public string? Target { get; init; }

    public int ExitCode { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public double Seconds { get; init; }

    public long Read { get; init; }

    public long Loaded { get; init; }

    public long Rejected { get; init; }

    public long Skipped { get; init; }

    public long Bytes { get; init; }

    public bool Balanced { get; init; }

    public JsonSummaryStep[] Before { get; init; } = [];

    public JsonSummaryTable[] Tables { get; init; } = [];

    public JsonSummaryStep[] After { get; init; } = [];

    public JsonSummaryFailure[] Failures { get; init; } = [];

    public string[] Notices { get; init; } = [];

    public string[] RejectFiles { get; init; } = [];

    public JsonSummaryReason[] RejectReasons { get; init; } = [];
}

internal sealed record JsonSummaryStep(string Label, long Count, long Errors, double Seconds);

internal sealed record JsonSummaryTable(
    string Table, long Read, long Loaded, long Rejected, long Skipped, long Bytes, long SourceBytes,
    double Seconds, double ReadSeconds, double WriteSeconds);

internal sealed record JsonSummaryFailure(int ExitCode, string Message, string? Hint);

internal sealed record JsonSummaryReason(string Reason, long Count);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonSummaryDocument))]
internal sealed partial class JsonSummaryContext : JsonSerializerContext
{
    /// <summary>Indented, with names as people write them: the file is not put into a web page.</summary>
    public static JsonSummaryContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

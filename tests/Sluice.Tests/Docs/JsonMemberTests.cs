using System.Text.Json;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Cli.Logging;
using Sluice.Diagnostics;
using Sluice.Runs;
using Sluice.Runs.Summary;

namespace Sluice.Tests.Docs;

/// <summary>Every member of the JSON that programs read is documented, and every documented one is written.</summary>
public sealed class JsonMemberTests
{
    [Fact]
    public void Rejects()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-docs-").FullName;
        try
        {
            var directory = new RejectDirectory(folder);
            var counter = new RejectCounter(onErrorStop: false, maxErrors: null, maxErrorsPercent: null, () => 1);
            using (var files = new RejectFiles(directory, directory.PathFor("db", new QualifiedName("public", "t")), counter, _ => "a.csv", new RejectKey([("column", 0)], 1)))
            {
                files.RejectRow(
                    new Rejection
                    {
                        Origin = new RowOrigin(Input: 0, Line: 1, ByteOffset: 0),
                        Stage = RejectStage.Server,
                        Message = "m",
                        Column = "c",
                        SqlState = "23505",
                        Detail = "d",
                    },
                    "1\n"u8);
            }

            var text = File.ReadAllText(Directory.GetFiles(folder, "*.jsonl", SearchOption.AllDirectories).Single());
            Equal(Names(text), Documents.FirstColumn(Documents.Named("docs/rejects.md"), "## The `.jsonl` file"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Stages() =>
        Equal(
            Enum.GetNames<RejectStage>().Select(name => name.ToLowerInvariant()),
            Documents.FirstColumn(Documents.Named("docs/rejects.md"), "### Stages"));

    [Fact]
    public void The_summary()
    {
        SummaryRow[] rows =
        [
            Row(SummarySection.Before),
            Row(SummarySection.Data),
            Row(SummarySection.After),
        ];
        var report = new SummaryReport
        {
            Command = "a.load",
            Kind = "CSV",
            Target = "postgresql:///db",
            ExitCode = ExitCode.Success,
            StartedAt = DateTimeOffset.UnixEpoch,
            Rows = [.. rows],
            Failures = [new SummaryFailure(ExitCode.LoadFailed, "m", "h")],
            Notices = ["n"],
            RejectFiles = ["/f"],
            RejectReasons = [("r", 1)],
        };
        var written = Names(JsonSummary.Write([report], "1", ExitCode.Success));
        var page = Documents.Named("docs/summary.md");
        var start = page.Text.IndexOf("## `sluice-summary/1`", StringComparison.Ordinal);
        var section = page.Text[start..page.Text.IndexOf("\n## ", start + 1, StringComparison.Ordinal)];
        Assert.All(written, name => Assert.Matches($@"`\.?{name}(\[\])?`", section));
        Assert.All(
            Documents.FirstColumn(page, "## `sluice-summary/1`").Select(name => name.Trim('.').Replace("[]", "", StringComparison.Ordinal)),
            name => Assert.Contains(name, written));
    }

    [Fact]
    public void The_plan()
    {
        var written = Names(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "Plans", "expected", "database-plan.json")));
        var page = Documents.Named("docs/plan.md");
        Assert.All(written, name => Assert.Matches($@"`\.?{name}(\[\])?`", page.Text));
    }

    [Fact]
    public void The_log()
    {
        var entry = new LogEntry(DateTimeOffset.UnixEpoch, "ERROR", 1, "m", [new("a", "b")], "t");
        using var json = JsonDocument.Parse(LogFormat.Json(entry, withTrace: true));
        var page = Documents.Named("docs/command-line.md").Text;
        Assert.All(json.RootElement.EnumerateObject(), member => Assert.Contains($"`{member.Name}`", page, StringComparison.Ordinal));
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    private static SummaryRow Row(SummarySection section) => new() { Section = section, Label = "l" };

    private static void Equal(IEnumerable<string> written, IEnumerable<string> documented) =>
        Assert.Equal(written.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));

    private static List<string> Names(string json)
    {
        using var document = JsonDocument.Parse(json);
        var names = new List<string>();
        Collect(document.RootElement, names);
        return [.. names.Distinct()];
    }

    private static void Collect(JsonElement element, List<string> names)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                names.Add(member.Name);
                Collect(member.Value, names);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Collect(item, names);
            }
        }
    }
}

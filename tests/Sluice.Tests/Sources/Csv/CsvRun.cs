using System.Collections.Immutable;
using System.Text;
using Sluice.Commands;
using Sluice.Locations;
using Sluice.Sources;
using Sluice.Sources.Csv;

namespace Sluice.Tests.Sources.Csv;

/// <summary>Reads text as CSV and keeps what comes out.</summary>
internal sealed class CsvRun
{
    private CsvRun(CollectingRowWriter rows, TextNotices notices, ImmutableArray<TextUnit> units)
    {
        Rows = rows;
        Notices = notices;
        Units = units;
    }

    public CollectingRowWriter Rows { get; }

    public TextNotices Notices { get; }

    public ImmutableArray<TextUnit> Units { get; }

    public string[] Lines => Rows.Lines;

    public static CsvOptions Comma { get; } = new() { Separator = "," };

    public static InputFile Input(byte[] bytes, string label = "data.csv", Func<int>? chunk = null, bool canReopen = true) =>
        new(label, bytes.Length, canReopen,
            _ => Task.FromResult(new OpenedInput(new ChunkedStream(bytes, chunk ?? (() => int.MaxValue)), bytes.Length)));

    public static CsvSourceSettings Settings(byte[] bytes, CsvOptions options, params string[] columns) => new()
    {
        Inputs = [Input(bytes)],
        Options = options,
        TargetColumns = [.. columns.Select(c => new TextTargetColumn(c))],
    };

    /// <summary>Reads with columns a, b, c.</summary>
    public static Task<CsvRun> ReadAsync(string text, CsvOptions? options = null, int columns = 3) =>
        ReadAsync(Settings(Encoding.UTF8.GetBytes(text), options ?? Comma, [.. "abcdefgh".Take(columns).Select(c => c.ToString())]));

    public static async Task<CsvRun> ReadAsync(CsvSourceSettings settings)
    {
        await using var source = SourceRegistry.Text(settings);
        var rows = new CollectingRowWriter();
        var units = await source.SplitAsync(TestContext.Current.CancellationToken);
        foreach (var unit in units)
        {
            await source.ReadAsync(unit, rows, TestContext.Current.CancellationToken);
        }

        return new CsvRun(rows, source.Notices, [.. units.Cast<TextUnit>()]);
    }
}

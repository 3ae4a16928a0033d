using System.Collections.Immutable;
using Sluice.Commands;
using Sluice.Locations;
using Sluice.Sources;
using Sluice.Sources.CopyText;
using Sluice.Sources.Fixed;

namespace Sluice.Tests.Sources;

/// <summary>Reads text files of a format and keeps what comes out.</summary>
internal sealed record TextRun(CollectingRowWriter Rows, TextNotices Notices, ImmutableArray<TextUnit> Units)
{
    public string[] Lines => Rows.Lines;

    public static InputFile Input(byte[] bytes, string label = "data", Func<int>? chunk = null, bool canReopen = true) => new(label, bytes.Length, canReopen,
        _ => Task.FromResult(new OpenedInput(new ChunkedStream(bytes, chunk ?? (() => int.MaxValue)), bytes.Length)));

    public static ImmutableArray<TextTargetColumn> Columns(int count) => [.. "abcdefgh".Take(count).Select(c => new TextTargetColumn(c.ToString()))];

    /// <summary>Fields a, b, c of these places.</summary>
    public static ImmutableArray<FieldSpec> Places(params (int Start, int Length)[] places) =>
        [.. places.Select((place, i) => new FieldSpec { Name = "abcdefgh"[i].ToString(), Start = place.Start, Length = place.Length })];

    public static FixedSourceSettings Fixed(byte[] bytes, ImmutableArray<FieldSpec> fields, FixedOptions? options = null) => new()
    {
        Inputs = [Input(bytes)],
        TargetColumns = Columns(Math.Max(1, fields.Length)),
        Fields = fields,
        Options = options ?? new FixedOptions(),
    };

    public static CopyTextSettings Copy(byte[] bytes, int columns = 3, CopyOptions? options = null) => new()
    {
        Inputs = [Input(bytes)],
        TargetColumns = Columns(columns),
        Options = options ?? new CopyOptions(),
    };

    public static async Task<TextRun> ReadAsync(TextSourceSettings settings)
    {
        await using var source = SourceRegistry.Text(settings);
        var rows = new CollectingRowWriter();
        var units = await source.SplitAsync(TestContext.Current.CancellationToken);
        foreach (var unit in units)
        {
            await source.ReadAsync(unit, rows, TestContext.Current.CancellationToken);
        }

        return new TextRun(rows, source.Notices, [.. units.Cast<TextUnit>()]);
    }
}

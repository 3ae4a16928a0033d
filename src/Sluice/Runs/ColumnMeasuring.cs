using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Sources;

namespace Sluice.Runs;

/// <summary>Lets a source look at the values of columns whose types depend on them, as many tables side by side as it has readers.</summary>
internal static class ColumnMeasuring
{
    /// <summary>Returns what was found, and a notice for each table that could not be read to its end: it is planned as if nobody had looked.</summary>
    public static async Task<(SourceMeasures Measures, ImmutableArray<string> Notices)> RunAsync(
        IDatabaseSource source, ImmutableArray<(TableModel Table, ImmutableArray<string> Columns)> wanted, CancellationToken ct)
    {
        var queue = new ConcurrentQueue<(TableModel Table, ImmutableArray<string> Columns)>(wanted);
        var found = new ConcurrentDictionary<QualifiedName, ImmutableArray<ColumnMeasure>>();
        var notices = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(source.Readers, wanted.Length)).Select(reader => Task.Run(() => ReadAsync(reader), ct))).ConfigureAwait(false);
        return (new SourceMeasures(found), [.. notices.Order(StringComparer.Ordinal)]);

        async Task ReadAsync(int reader)
        {
            while (queue.TryDequeue(out var next))
            {
                try
                {
                    found[next.Table.Name] = await source.MeasureAsync(next.Table.Name, next.Columns, reader, ct).ConfigureAwait(false);
                }
                catch (SourceException e)
                {
                    notices.Add($"the columns of {Identifier.Display(next.Table.Name.Name)} have the largest sizes, since its values cannot all be read: {e.Message}");
                }
            }
        }
    }
}

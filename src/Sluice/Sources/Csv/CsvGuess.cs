using System.Collections.Immutable;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Sources.Csv;

/// <summary>A dialect found by trying: the first separator and escape with which the sample has the expected number of fields.</summary>
internal sealed record CsvGuess(CsvDialect Dialect, string Separator, bool Fits)
{
    private const int MaxRecords = 1000;
    private const double GoodShare = 0.8;

    private static readonly string[] Separators = ["\t", ",", ";", "|", "%", "^", "!", "$"];
    private static readonly string[] Escapes = ["\"\"", "\\\""];

    /// <summary>
    /// Every record of the sample has to fit. When none does for all of them, the separator that fits most of them is taken if that
    /// is at least four in five; else TAB.
    /// </summary>
    public static CsvGuess Guess(ReadOnlySpan<byte> sample, bool isWhole, CsvSourceSettings settings)
    {
        var options = settings.Options;
        var columns = settings.Columns.Length > 0 ? settings.Columns.Length : settings.TargetColumns.Length;
        CsvGuess? best = null;
        var bestShare = GoodShare;
        foreach (var expected in settings.Fields.Length > 0 ? new[] { columns, settings.Fields.Length } : [columns])
        {
            foreach (var candidate in Candidates(options))
            {
                var share = Share(sample, isWhole, candidate.Dialect, expected);
                if (share >= 1)
                {
                    return candidate;
                }

                if (expected > 1 && share > bestShare)
                {
                    (best, bestShare) = (candidate, share);
                }
            }
        }

        return (options.HasHeader && settings.Fields.IsEmpty ? ByHeader(sample, isWhole, settings) : null)
            ?? best
            ?? Candidates(options).First() with { Fits = false };
    }

    public string Describe(string label)
    {
        var name = Separator == "\t" ? "TAB" : $"'{Separator}'";
        return Fits
            ? $"Fields of {Printable.Escape(label)} are taken to be separated by {name}"
            : $"No separator gives every line of {Printable.Escape(label)} one field for each column; TAB is used. Write fields terminated by";
    }

    private static IEnumerable<CsvGuess> Candidates(CsvOptions options) =>
        from separator in Separators
        from escape in options.IsQuotingWritten ? [options.Escape] : Escapes
        let dialect = options.IsQuotingWritten
            ? CsvDialect.From(options, separator)
            : new CsvDialect(separator, "\"", escape, escapeFollowing: false, options.LineTerminator, options.TrimUnquotedBlanks)
        select new CsvGuess(dialect, separator, Fits: true);

    // A header with fewer or more names than the table has columns: all records are as wide as it, and it names a column.
    private static CsvGuess? ByHeader(ReadOnlySpan<byte> sample, bool isWhole, CsvSourceSettings settings)
    {
        var known = settings.Columns.Length > 0
            ? settings.Columns.Select(c => c.Name)
            : settings.TargetColumns.Select(c => c.Name);
        var names = known.ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
        CsvGuess? best = null;
        var bestHits = 0;
        foreach (var candidate in Candidates(settings.Options))
        {
            var header = CsvInput.HeaderOf(sample, isWhole, candidate.Dialect);
            var hits = header.Count(names.Contains);
            if (hits > bestHits && Share(sample, isWhole, candidate.Dialect, header.Length) > GoodShare)
            {
                (best, bestHits) = (candidate, hits);
            }
        }

        return best;
    }

    // Share of the sample's records that have this many fields; a last record that is cut off does not count.
    private static double Share(ReadOnlySpan<byte> sample, bool isWhole, CsvDialect dialect, int expected)
    {
        var parser = new CsvParser(dialect, 1);
        var records = 0;
        var fitting = 0;
        while (sample.Length > 0 && records < MaxRecords)
        {
            var status = parser.Parse(sample, isWhole);
            if (status != CsvStatus.Record)
            {
                records += status == CsvStatus.NeedsData ? 0 : 1;
                break;
            }

            if (!parser.IsEmptyLine)
            {
                records++;
                fitting += parser.FieldCount == expected ? 1 : 0;
            }

            sample = sample[parser.Position..];
        }

        return records == 0 ? 0 : (double)fitting / records;
    }
}

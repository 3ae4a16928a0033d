using Sluice.Catalog;
using Sluice.Sources;

namespace Sluice.Plans;

/// <summary>Compares what a look at some rows showed with what their columns become.</summary>
internal static class SampleFindings
{
    /// <summary>Rows of a table that are looked at.</summary>
    public const int Rows = 1000;

    /// <summary>A sentence for each column with values that its new type will probably refuse.</summary>
    public static IEnumerable<string> Of(TablePlan table, IEnumerable<ColumnSample> samples)
    {
        foreach (var sample in samples)
        {
            if (table.Columns.FirstOrDefault(column => column.Source.Name == sample.Column) is { } column && Misfit(column, sample) is { } misfit)
            {
                var others = string.Join(", ", sample.Values.Select(values => FormattableString.Invariant($"{values.Count} {Word(values.Kind)}")));
                yield return FormattableString.Invariant(
                    $"column {Identifier.Display(table.Source.Name.Name)}.{Identifier.Display(column.Source.Name)} becomes {column.Target.Type}, but of {sample.Rows} rows looked at it holds {others} (for example {misfit.Example}): rows that do not fit are rejected");
            }
        }
    }

    private static SampledValues? Misfit(ColumnPlan column, ColumnSample sample)
    {
        // A function of the user's may take them all.
        if (column.Cast.Using is not null && (column.Cast.Rule is null or { IsUsers: true } or { Using: null }))
        {
            return null;
        }

        var type = TypeFit.Base(column.Target.Type);
        return sample.Values.FirstOrDefault(values => !Fits(values.Kind, type, column.Cast.Using is not null));
    }

    private static bool Fits(SampledKind kind, string type, bool isTransformed) => type switch
    {
        "smallint" or "integer" or "bigint" => kind == SampledKind.Integer,
        "numeric" or "real" or "double precision" => kind is SampledKind.Integer or SampledKind.Real,
        "boolean" => kind is SampledKind.Integer or SampledKind.Text,
        "date" or "time without time zone" or "time with time zone" or "timestamp without time zone" or "timestamp with time zone" =>
            kind == SampledKind.Text || (isTransformed && kind != SampledKind.Blob),
        "uuid" or "json" or "jsonb" or "inet" or "cidr" or "macaddr" or "xml" or "interval" => kind != SampledKind.Blob,
        _ => true,
    };

    private static string Word(SampledKind kind) => kind switch
    {
        SampledKind.Integer => "integers",
        SampledKind.Real => "reals",
        SampledKind.Text => "texts",
        _ => "blobs",
    };
}

using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Sources;

namespace Sluice.Plans;

/// <content>TARGET COLUMNS against the fields: what cannot work is known before a file is opened.</content>
public sealed partial class Binder
{
    private FileLoadSpec CheckColumns(FileLoadSpec spec)
    {
        foreach (var (column, message, hint) in SourceRegistry.UnresolvedColumns(spec.Fields, spec.Columns))
        {
            Fail(column.Span, message, hint);
        }

        var isHeaderNeeded = spec.Fields.IsEmpty && (spec.Csv is { HasHeader: true } || spec.Fixed is { HasHeader: true });
        ImmutableArray<string> fields = spec.Fields.IsEmpty ? [.. spec.Columns.Select(column => column.Name)] : [.. spec.Fields.Select(field => field.Name)];
        foreach (var expression in spec.Columns.Select(column => column.Using).OfType<SExpression>())
        {
            try
            {
                // The names of a header are not known yet: any name may be one. Functions are known.
                ExpressionCompiler.Compile(expression, isHeaderNeeded ? [.. NamesIn(expression).Distinct()] : fields, spec.Text);
            }
            catch (CommandException error)
            {
                _findings.Add(error.Diagnostic);
            }
        }

        return spec;
    }

    private static IEnumerable<string> NamesIn(SExpression expression) => expression switch
    {
        SExpression.Symbol symbol => [symbol.Name],
        SExpression.List list => list.Items.SelectMany(NamesIn),
        _ => [],
    };
}

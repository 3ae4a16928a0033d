using System.Collections.Immutable;
using System.Text;
using Sluice.Casts;
using Sluice.Catalog;

namespace Sluice.Plans;

/// <content>What sources of another kind have besides tables and keys: enumerations, columns that are computed, checks, columns that change at each update.</content>
public sealed partial class DatabasePlanner
{
    private const string OwnEnum = "enum";
    private const int MostLabelBytes = 63;

    private readonly HashSet<QualifiedName> _types = [];

    // The default rules name no enumeration: each column has its own.
    private ColumnCast OfOwnType(TableModel table, ColumnModel column, QualifiedName target, string name, ColumnCast cast)
    {
        if (column.Labels.IsEmpty || cast.Rule is null or { IsUsers: true } || cast.Type is not (OwnEnum or $"{OwnEnum}[]"))
        {
            return cast;
        }

        if (!_features.ExactSchemas || column.Labels.FirstOrDefault(label => Encoding.UTF8.GetByteCount(label) > MostLabelBytes || label.Contains('\0', StringComparison.Ordinal)) is { } unfit)
        {
            if (_features.ExactSchemas && CreatesTables)
            {
                _notices.Add($"column {Identifier.Display(table.Name.Name)}.{Identifier.Display(column.Name)} is text: a label of it is too long for an enumeration of PostgreSQL");
            }

            return cast with { Type = "text", Using = null, UsingName = null, Default = column.Default };
        }

        var type = new QualifiedName(target.Schema, TargetNames.Cut($"{target.Name}_{name}_t", _features.MaxIdentifierBytes));
        if (!_types.Add(type))
        {
            _faults.Add($"the types of columns of {target} would both be {type}");
        }

        return cast with { Type = cast.Type == OwnEnum ? Identifier.Quote(type) : $"{Identifier.Quote(type)}[]" };
    }

    private IEnumerable<string> OwnTypes(IEnumerable<ColumnPlan> columns)
    {
        foreach (var column in columns.Where(column => column.HasOwnType))
        {
            var type = column.Target.Type.EndsWith("[]", StringComparison.Ordinal) ? column.Target.Type[..^2] : column.Target.Type;
            if (_spec.Schema.IncludeDrop)
            {
                yield return $"DROP TYPE IF EXISTS {type}";
            }

            yield return $"CREATE TYPE {type} AS ENUM ({string.Join(", ", column.Source.Labels.Select(Identifier.Literal))})";
        }
    }

    // Where the target can do it and nothing was changed of what goes into it; else the values are copied.
    private ColumnPlan Computed(TableModel table, ColumnPlan column, ImmutableArray<ColumnPlan> columns)
    {
        if (!column.Source.IsGenerated || column.Source.GeneratedAs is not { } expression)
        {
            return column;
        }

        var reason = expression.Pieces is not { } pieces ? "is not translated"
            : !_features.GeneratedColumns ? $"is not known to {_features.ServerKind} of that version"
            : IsUsers(column) || columns.Any(other => IsUsers(other) && pieces.Any(piece => IsColumn(piece, other))) ? "may not fit to what CAST makes of the columns"
            : null;
        if (reason is not null || expression.Pieces is not { } translated)
        {
            if (CreatesTables)
            {
                _uncarried.Add(new UncarriedObject("generated column", $"{table.Name.Name}.{column.Source.Name}", $"the expression {expression.Text} {reason}; its values are copied", table.Name.Name));
            }

            return column;
        }

        return !CreatesTables ? column : column with
        {
            IsComputed = true,
            Target = column.Target with { TypeSuffix = $" GENERATED ALWAYS AS ({Sql(translated, columns)}) STORED", Default = null },
        };

        static bool IsUsers(ColumnPlan column) => column.Cast.Rule is { IsUsers: true };
    }

    private TablePlan WithRules(TablePlan table)
    {
        if (!CreatesTables)
        {
            return table;
        }

        var checks = ImmutableArray.CreateBuilder<string>();
        foreach (var check in table.Source.Checks)
        {
            var reason = !_features.ExactSchemas ? $"{_features.ServerKind} checks nothing"
                : table.Columns.Any(column => column.Cast.Rule is { IsUsers: true } && check.Definition.Pieces!.Value.Any(piece => IsColumn(piece, column))) ? $"{check.Definition.Text} may not fit to what CAST makes of the columns"
                : null;
            if (reason is not null)
            {
                _uncarried.Add(new UncarriedObject("check", $"{table.Source.Name.Name}.{check.Name}", reason, table.Source.Name.Name));
                continue;
            }

            var name = TargetNames.Cut(TargetNames.Fold(check.Name, _spec.Options.IdentifierCase), _features.MaxIdentifierBytes);
            checks.Add($"ALTER TABLE {Identifier.Quote(table.Target)} ADD CONSTRAINT {Identifier.Quote(name)} CHECK ({Sql(check.Definition.Pieces!.Value, table.Columns)})"); // translated
        }

        return table with { Checks = checks.ToImmutable(), Triggers = [.. UpdateTrigger(table)] };
    }

    // As in the source: not where the statement itself changes the column.
    private IEnumerable<string> UpdateTrigger(TablePlan table)
    {
        var columns = table.Columns.Where(column => column.Source.IsUpdatedToNow && !column.Cast.DropsExtra).Select(column => Identifier.Quote(column.Name)).ToArray();
        if (columns.Length == 0)
        {
            yield break;
        }

        if (!_features.Triggers)
        {
            _uncarried.Add(new UncarriedObject("on update", table.Source.Name.Name, $"{_features.ServerKind} has no triggers that could set {string.Join(", ", columns)}", table.Source.Name.Name));
            yield break;
        }

        const string Name = "on_update_current_timestamp";
        var function = Identifier.Quote(new QualifiedName(table.Target.Schema, TargetNames.Cut($"{Name}_{table.Target.Name}", _features.MaxIdentifierBytes)));
        var sets = string.Join("\n", columns.Select(column => $"  IF NEW.{column} IS NOT DISTINCT FROM OLD.{column} THEN NEW.{column} := now(); END IF;"));
        yield return $"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {Identifier.Literal($"\nBEGIN\n{sets}\n  RETURN NEW;\nEND;\n")}";
        yield return $"CREATE TRIGGER {Name} BEFORE UPDATE ON {Identifier.Quote(table.Target)} FOR EACH ROW EXECUTE PROCEDURE {function}()";
    }

    private static bool IsColumn(SqlPiece piece, ColumnPlan column) => piece.IsColumn && piece.Text.Equals(column.Source.Name, StringComparison.OrdinalIgnoreCase);

    private static string Sql(ImmutableArray<SqlPiece> pieces, ImmutableArray<ColumnPlan> columns) => string.Join(
        ' ', pieces.Select(piece => piece.IsColumn ? Identifier.Quote(columns.First(column => IsColumn(piece, column)).Name) : piece.Text));
}

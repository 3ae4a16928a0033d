using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Postgres;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>Fits a plan into tables that exist: finds each table and column, and says at once all that does not fit.</summary>
public sealed class TableFit
{
    private static readonly Dictionary<string, string> SameTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["int"] = "integer",
        ["int4"] = "integer",
        ["serial"] = "integer",
        ["int8"] = "bigint",
        ["bigserial"] = "bigint",
        ["int2"] = "smallint",
        ["smallserial"] = "smallint",
        ["float"] = "double precision",
        ["bool"] = "boolean",
        ["char"] = "character",
        ["varchar"] = "character varying",
        ["decimal"] = "numeric",
        ["timestamp"] = "timestamp without time zone",
        ["timestamptz"] = "timestamp with time zone",
        ["time"] = "time without time zone",
    };

    // Objects of the source that nobody asked for: the target has its own.
    private static readonly string[] OfNoInterest = ["index", "default", "check", "collation", "foreign key"];

    private readonly ExistingSchema _existing;
    private readonly List<string> _faults = [];
    private readonly List<string> _notices = [];

    private readonly bool _rebuildsKeys;

    private readonly SqlDialect _dialect;

    private TableFit(ExistingSchema existing, bool rebuildsKeys, SqlDialect dialect)
    {
        _existing = existing;
        _rebuildsKeys = rebuildsKeys;
        _dialect = dialect;
    }

    /// <exception cref="TargetException">Tables or columns are missing, or cannot be loaded.</exception>
    public static DatabasePlan Apply(DatabasePlan plan, ExistingSchema existing, TargetFeatures features) =>
        new TableFit(existing, plan.Spec.Schema.ForeignKeys && features.EnforcedKeys, features.Dialect).Apply(plan);

    private DatabasePlan Apply(DatabasePlan plan)
    {
        var tables = plan.Tables.Select(Table).OfType<TablePlan>().ToImmutableArray();
        if (_faults.Count > 0)
        {
            throw new TargetException(
                $"The target's tables do not fit the source's: {string.Join("; ", _faults)}", "nothing was done; create or alter them, or leave tables out with EXCLUDING TABLE NAMES");
        }

        var keys = tables.SelectMany(table => table.ForeignKeys).ToArray();
        return plan with
        {
            Tables = tables,
            DropForeignKeys = keys.Length > 0 ? SqlStep.Of("Drop Foreign Keys", keys.Select(key => _dialect.DropKey(key.Table, key.Name))) : null,
            Truncate = plan.Spec.Options.Truncate && tables.Length > 0 ? SqlStep.Of("Truncate", _dialect.Truncate(tables.Select(table => table.Target))) : null,
            Uncarried = plan.Uncarried.RemoveAll(item => OfNoInterest.Contains(item.Kind)),
            Notices = [.. plan.Notices, .. _notices],
        };
    }

    private TablePlan? Table(TablePlan table)
    {
        var found = _existing.Tables.FirstOrDefault(other => other.Name == table.Target)
            ?? _existing.Tables.FirstOrDefault(other => other.Name.Schema == table.Target.Schema && other.Name.Name.Equals(table.Target.Name, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            _faults.Add($"table {table.Target} does not exist");
            return null;
        }

        var columns = table.Columns.Select(column => Column(found, column)).OfType<ColumnPlan>().ToImmutableArray();
        var loaded = columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var column in found.LoadableColumns.Where(column => !loaded.Contains(column.Name) && column is { IsNotNull: true, DefaultSql: null, HasSequence: false }))
        {
            _faults.Add($"column {Identifier.Display(column.Name)} of {found.Name} is NOT NULL, has no default, and is not in the source");
        }

        return table with
        {
            Target = found.Name,
            Columns = columns,
            Create = [],
            Indexes = [],
            ForeignKeys = _rebuildsKeys ? [.. _existing.ForeignKeys.Where(key => key.Table == found.Name)] : [],
            Sequences = table.ResetsSequences ? [.. found.Columns.Where(column => column.HasSequence).Select(column => _dialect.ResetSequence(found.Name, column.Name)).OfType<string>()] : [],
        };
    }

    private ColumnPlan? Column(PostgresTable table, ColumnPlan column)
    {
        var found = table.Columns.FirstOrDefault(other => other.Name == column.Name)
            ?? table.Columns.FirstOrDefault(other => other.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            _faults.Add($"{table.Name} has no column {Identifier.Display(column.Name)}");
            return null;
        }

        if (found.Generated != GeneratedKind.None)
        {
            _notices.Add($"column {Identifier.Display(found.Name)} of {table.Name} is generated: its values are computed, not copied");
            return null;
        }

        if (Base(found.TypeName) != Base(column.Target.Type))
        {
            _notices.Add($"column {Identifier.Display(found.Name)} of {table.Name} is {found.TypeName}; the cast rules say {column.Target.Type}");
        }

        return column with { Name = found.Name };
    }

    private static string Base(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var close = type.IndexOf(')', StringComparison.Ordinal);
        var bare = (open < 0 || close < open ? type : type[..open] + type[(close + 1)..]).Trim().ToLowerInvariant();
        return SameTypes.GetValueOrDefault(bare, bare);
    }
}

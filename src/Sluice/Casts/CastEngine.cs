using System.Buffers;
using System.Globalization;
using System.Text;
using Sluice.Catalog;

namespace Sluice.Casts;

/// <summary>Finds what a source column becomes: the user's rules in their order, then the source's own.</summary>
public static class CastEngine
{
    // What a modifier may follow; on any other type it would be a syntax error of the target.
    private static readonly HashSet<string> TakesTypemod = new(StringComparer.OrdinalIgnoreCase)
    {
        "varchar", "character varying", "char", "character", "bpchar", "bit", "bit varying", "varbit", "numeric", "decimal",
        "time", "timetz", "timestamp", "timestamptz", "interval",
    };

    /// <param name="table">The bare name of the column's table.</param>
    /// <param name="column">The column as the source has it.</param>
    /// <param name="rules">The user's first.</param>
    public static ColumnCast Apply(string table, ColumnModel column, IReadOnlyList<CastRule> rules)
    {
        CastRule? found = null;
        CastRule? transforming = null;
        string? type = null;
        foreach (var rule in rules)
        {
            if (!Matches(rule, table, column))
            {
                continue;
            }

            if (found is null && !rule.HasTarget)
            {
                transforming ??= rule.Using is null ? null : rule;
                continue;
            }

            found ??= rule;
            type = rule.ToType;
            if (type is not null)
            {
                break;
            }
        }

        var source = found?.Using is not null ? found : transforming;
        return new ColumnCast
        {
            Type = type is null ? column.DeclaredType : found is { KeepsTypemod: true } ? WithTypemod(type, column) : type,
            IsNotNull = found is { SetsNotNull: true } || ((column.IsNotNull || (column.IsNeverNull && source is null)) && found is not { DropsNotNull: true }),
            Default = found is { DropsDefault: true } ? null : Transformed(column.Default, source?.Using),
            Rule = found,
            DropsExtra = found is { DropsExtra: true },
            Using = source?.Using,
            UsingName = source?.UsingName,
        };
    }

    private static bool Matches(CastRule rule, string table, ColumnModel column)
    {
        if (rule.Column is not null)
        {
            // As in pgloader: who names a column has no further conditions.
            return rule.Column.Equals(column.Name, StringComparison.OrdinalIgnoreCase)
                && (rule.Table is null || rule.Table.Equals(table, StringComparison.OrdinalIgnoreCase));
        }

        return (rule.SourceType is null || rule.SourceType.Equals(column.TypeName, StringComparison.OrdinalIgnoreCase)
                || column.TypeAliases.Contains(rule.SourceType, StringComparer.OrdinalIgnoreCase))
            && (rule.WhenUnsigned is null || rule.WhenUnsigned == column.IsUnsigned)
            && (!rule.WhenNotNull || column.IsNotNull)
            && (rule.WhenDefault is null || rule.WhenDefault.Equals(column.Default?.Text, StringComparison.OrdinalIgnoreCase))
            && (rule.When is null || (column.Precision is { } precision && rule.When(precision, column.Scale ?? 0)))
            && (rule.SourceType is null || (rule.WithAutoIncrement == column.IsAutoIncrement && rule.WithOnUpdate == column.IsUpdatedToNow));
    }

    private static string WithTypemod(string type, ColumnModel column) => column.Precision is not { } precision || !TakesTypemod.Contains(type)
        ? type
        : column.Scale is { } scale
            ? string.Create(CultureInfo.InvariantCulture, $"{type}({precision},{scale})")
            : string.Create(CultureInfo.InvariantCulture, $"{type}({precision})");

    // A value of the column goes through its transform, so its default does too.
    private static ColumnDefault? Transformed(ColumnDefault? value, Func<TransformInput, Transform>? make)
    {
        if (value is not { Kind: DefaultKind.Literal } || make is null)
        {
            return value;
        }

        var scratch = new ArrayBufferWriter<byte>();
        try
        {
            return make(TransformInput.Text)(Encoding.UTF8.GetBytes(value.Text), scratch) switch
            {
                FieldResult.Unchanged => value,
                FieldResult.Replaced => value with { Text = Encoding.UTF8.GetString(scratch.WrittenSpan) },
                _ => null,
            };
        }
        catch (TransformException)
        {
            // Not a value that the transform knows: the target judges it.
            return value;
        }
    }
}

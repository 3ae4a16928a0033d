using Sluice.Casts;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Plans;

/// <summary>Makes rules that can be applied of those that are written in a command.</summary>
internal static class CastRules
{
    /// <exception cref="CommandException">A guard or a function cannot be understood.</exception>
    public static CastRule Of(CastRuleSpec spec, SourceText text)
    {
        if (spec.Using is { } function)
        {
            // Found out now rather than with the first row.
            _ = ExpressionCompiler.CompileTransform(function, text);
        }

        return new CastRule
        {
            Name = NameOf(spec),
            IsUsers = true,
            SourceType = spec.SourceType,
            Table = spec.Table,
            Column = spec.Column,
            WhenUnsigned = spec.WhenUnsigned,
            WhenNotNull = spec.WhenNotNull,
            WhenDefault = spec.WhenDefault,
            When = spec.When is null ? null : TypmodGuard.Compile(spec.When, text),
            WithAutoIncrement = spec.WithAutoIncrement,
            WithOnUpdate = spec.WithOnUpdateCurrentTimestamp,
            DropsExtra = spec.Extra == KeepOrDrop.Drop,
            ToType = spec.ToType,
            KeepsTypemod = spec.Typemod != KeepOrDrop.Drop,
            DropsDefault = spec.Default == KeepOrDrop.Drop,
            DropsNotNull = spec.NotNull == KeepOrDrop.Drop,
            SetsNotNull = spec.SetNotNull,
            HasActions = spec.Default is not null || spec.NotNull is not null || spec.Typemod is not null || spec.Extra is not null || spec.SetNotNull,
            Using = spec.Using is null ? null : input => ExpressionCompiler.CompileTransform(spec.Using, text, input),
            UsingName = spec.Using switch { null => null, SExpression.Symbol symbol => symbol.Name, _ => "(lambda …)" },
        };
    }

    private static string NameOf(CastRuleSpec spec) =>
        $"CAST {(spec.Column is null ? $"type {spec.SourceType}" : $"column {spec.Table}.{spec.Column}")}{(spec.ToType is null ? "" : $" to {spec.ToType}")}";
}

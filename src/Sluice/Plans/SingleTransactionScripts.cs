using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>Whether a command's own statements can be part of its single transaction.</summary>
internal static partial class SingleTransactionScripts
{
    /// <exception cref="TargetException">A statement would commit what came before it.</exception>
    public static void EnsureTogether(LoadSpec spec, TargetFeatures features)
    {
        if (!spec.Options.SingleTransaction || features.TransactionalTruncate)
        {
            return;
        }

        Check("BEFORE LOAD", spec.BeforeLoad);
        Check("AFTER CREATE SCHEMA", (spec as DatabaseLoadSpec)?.AfterCreateSchema ?? []);
        Check("AFTER LOAD", spec.AfterLoad);

        void Check(string clause, ImmutableArray<SqlPart> parts)
        {
            if (parts.Any(part => Truncate().IsMatch(part.Sql)))
            {
                throw new TargetException(
                    $"TRUNCATE in {clause} cannot be part of a single transaction: on {features.ServerKind} it commits what came before it",
                    "write DELETE FROM, or leave single transaction out; nothing was done");
            }
        }
    }

    // Comments may come first.
    [GeneratedRegex(@"\A(?:\s|--[^\n]*(?:\n|\z)|/\*.*?\*/)*TRUNCATE\b", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Truncate();
}

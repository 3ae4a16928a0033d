using System.Collections.Immutable;
using System.Globalization;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Plans;

/// <summary>Prints a file load's plan, top to bottom in the order of the run.</summary>
public static class FileLoadExplain
{
    /// <param name="plan">What will be done.</param>
    /// <param name="source">What is read, as a user knows it.</param>
    /// <param name="target">Where it goes, without any secret.</param>
    /// <param name="columns">The loaded columns, in the order of the COPY.</param>
    /// <param name="way">How the rows travel, in the target's words; empty for COPY FROM STDIN.</param>
    /// <param name="output">Takes the text.</param>
    public static void Write(
        FileLoadPlan plan, string source, string target, ImmutableArray<PostgresColumn> columns, ImmutableArray<string> way, TextWriter output)
    {
        var options = plan.Spec.Options;
        output.WriteLine($"Plan: {plan.Spec.Kind} {Printable.Escape(source)} into {target}");
        WriteStep(output, plan.BeforeLoad);
        WriteStatements(output, "Drop Indexes", plan.Indexes?.Drop ?? []);
        WriteStep(output, plan.Truncate);
        output.WriteLine($"  table {plan.Table.Name}");
        foreach (var column in columns)
        {
            output.WriteLine($"    {Identifier.Display(column.Name)} {column.TypeName}{(column.IsNotNull ? " not null" : "")}");
        }

        foreach (var column in plan.Table.Columns.Where(column => !columns.Contains(column)))
        {
            output.WriteLine($"    {Identifier.Display(column.Name)} {column.TypeName}, not loaded: {Unloaded(column)}");
        }

        WriteWay(output, plan, columns, way);
        output.WriteLine($"    {plan.Writers} writer{(plan.Writers == 1 ? "" : "s")}: {plan.WritersReason}{(plan.PreserveOrder ? "; rows keep their order" : "")}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"    batches of {plan.BatchRows} rows or {plan.BatchBytes / 1024.0 / 1024:0.##} MB, {Transactions(plan)}"));
        output.WriteLine($"    {Rejects(options)}");
        WriteStatements(output, "Create Indexes", plan.Indexes?.Restore ?? []);
        WriteStep(output, plan.AfterLoad);
        foreach (var notice in plan.Notices)
        {
            output.WriteLine($"  note: {notice}");
        }
    }

    /// <summary>What can be said before the table exists.</summary>
    public static void WriteWithoutTable(FileLoadSpec spec, QualifiedName table, string target, TextWriter output)
    {
        output.WriteLine($"Plan: {spec.Kind} into {target}");
        WriteStep(output, FileLoadPlan.Step("before load", spec.BeforeLoad));
        output.WriteLine($"  table {table} does not exist yet: BEFORE LOAD has to create it, its columns cannot be checked now");
        WriteStep(output, FileLoadPlan.Step("after load", spec.AfterLoad));
    }

    private static string Unloaded(PostgresColumn column) =>
        column.Generated != GeneratedKind.None ? "generated"
        : column.Identity != IdentityKind.None ? "identity"
        : column.DefaultSql is { } sql ? $"default {sql}" : "NULL";

    private static void WriteWay(TextWriter output, FileLoadPlan plan, ImmutableArray<PostgresColumn> columns, ImmutableArray<string> way)
    {
        if (way.IsEmpty)
        {
            var (encoding, why) = FileLoadPlan.Encoding(columns);
            output.WriteLine($"  {CopyStream.Sql(plan.Table.Name, [.. columns.Select(column => column.Name)], encoding)}");
            output.WriteLine($"    {(encoding == Batches.RowEncoding.CopyBinary ? "binary" : "text")}: {why}");
            return;
        }

        output.WriteLine($"  {way[0]}");
        foreach (var line in way[1..])
        {
            output.WriteLine($"    {line}");
        }
    }

    private static string Transactions(FileLoadPlan plan) =>
        plan.Spec.Options.SingleTransaction ? "all in a single transaction"
        : plan.Features.BatchesAreFinal ? "each its own transaction" : "all in one transaction at the end";

    private static string Rejects(LoadOptions options) =>
        options.OnErrorStop ? "the first refused row stops the load"
        : options.MaxErrors is { } most ? $"refused rows are set aside, the load stops after more than {most}"
        : options.MaxErrorsPercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"refused rows are set aside, the load stops above {percent} %")
        : "refused rows are set aside";

    private static void WriteStep(TextWriter output, SqlStep? step) => WriteStatements(output, step?.Title ?? "", step?.Statements.Select(statement => statement.Sql) ?? []);

    private static void WriteStatements(TextWriter output, string title, IEnumerable<string> statements)
    {
        var isFirst = true;
        foreach (var sql in statements)
        {
            if (isFirst)
            {
                output.WriteLine($"  {title}");
                isFirst = false;
            }

            foreach (var line in Printable.Escape(SecretMask.RedactSql(sql.Trim()), keepTabs: true, keepNewlines: true).Split('\n'))
            {
                output.WriteLine($"    {line.TrimEnd()}");
            }
        }
    }
}

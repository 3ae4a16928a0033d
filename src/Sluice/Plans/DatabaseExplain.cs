using System.Globalization;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Plans;

/// <summary>Prints a database load's plan, top to bottom in the order of the run.</summary>
public static class DatabaseExplain
{
    /// <param name="plan">What will be done.</param>
    /// <param name="source">What is read, as a user knows it.</param>
    /// <param name="consistency">At what point in time.</param>
    /// <param name="target">Where it goes, without any secret.</param>
    /// <param name="output">Takes the text.</param>
    public static void Write(DatabasePlan plan, string source, string consistency, string target, TextWriter output)
    {
        output.WriteLine($"Plan: {plan.Spec.Kind} {Printable.Escape(source)} into {target}");
        output.WriteLine($"  read at {consistency}");
        output.WriteLine($"  {plan.Workers} table{(plan.Workers == 1 ? "" : "s")} side by side: {plan.WorkersReason}; {plan.Writers} writer{(plan.Writers == 1 ? "" : "s")} each; "
            + $"{plan.IndexBuilders} index{(plan.IndexBuilders == 1 ? "" : "es")} side by side");
        output.WriteLine($"  {(plan.Spec.Options.OnErrorStop ? "the first refused row stops the load" : "refused rows are set aside")}");
        foreach (var line in plan.Travels)
        {
            output.WriteLine($"  {Printable.Escape(line)}");
        }

        WriteStep(output, plan.BeforeLoad);
        WriteStep(output, plan.DropForeignKeys);
        WriteStep(output, plan.Truncate);
        if (plan is { CreatesTables: true, Spec.Schema.CreateSchemas: true })
        {
            output.WriteLine($"  schemas, created where they are missing: {string.Join(", ", plan.Schemas.Select(Identifier.Display).Select(schema => Printable.Escape(schema)))}");
        }

        foreach (var table in plan.Tables)
        {
            WriteTable(output, table, plan.CopiesData);
        }

        WriteStep(output, plan.AfterSchema);
        WriteStep(output, plan.AfterLoad);
        if (plan.Uncarried.Length > 0)
        {
            output.WriteLine("  not carried over");
            foreach (var item in plan.Uncarried)
            {
                output.WriteLine($"    {item.Kind} {Printable.Escape(item.Name)}: {Printable.Escape(item.Reason)}");
            }
        }

        foreach (var notice in plan.Notices)
        {
            output.WriteLine($"  note: {Printable.Escape(notice)}");
        }
    }

    private static void WriteTable(TextWriter output, TablePlan table, bool copiesData)
    {
        var rows = !copiesData ? "no rows"
            : table.Source.EstimatedRows is { } estimate ? string.Create(CultureInfo.InvariantCulture, $"about {estimate} rows")
            : "rows not counted";
        output.WriteLine($"  table {Printable.Escape(table.Source.Name.Name)} -> {Printable.Escape(table.Target.ToString())}, {rows}");
        foreach (var column in table.Columns)
        {
            var cast = column.Cast;
            var type = column.Source.DeclaredType.Length == 0 ? "no type" : column.Source.DeclaredType;
            output.WriteLine(Printable.Escape(
                $"    {Identifier.Display(column.Name)} {type} -> {column.Target.Type}{column.Target.TypeSuffix}{(column.Target.IsNotNull ? " not null" : "")}"
                + $"{(column.Target.Default is { } value ? $" default {value}" : "")}"
                + $"{(cast.UsingName is null ? "" : $" using {cast.UsingName}")} ({cast.Rule?.Name ?? "as declared"}{(column.Target.Rule is null ? "" : $": {column.Target.Rule}")})"));
        }

        foreach (var sql in table.Create.Concat(table.Indexes.SelectMany(index => index.Statements))
            .Concat(table.Sequences).Concat(table.ForeignKeys.SelectMany(key => key.Validate is { } validate ? new[] { key.Add, validate } : [key.Add])))
        {
            foreach (var line in Printable.Escape(sql, keepNewlines: true).Split('\n'))
            {
                output.WriteLine($"      {line}");
            }
        }
    }

    private static void WriteStep(TextWriter output, SqlStep? step)
    {
        if (step is null)
        {
            return;
        }

        output.WriteLine($"  {step.Title}");
        foreach (var line in step.Statements.SelectMany(statement => Printable.Escape(SecretMask.RedactSql(statement.Sql.Trim()), keepTabs: true, keepNewlines: true).Split('\n')))
        {
            output.WriteLine($"    {line.TrimEnd()}");
        }
    }
}

using System.Collections.Immutable;
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
        if (plan.SourceEncoding is { } encoding)
        {
            output.WriteLine($"  texts are read as {encoding}");
        }

        WriteChoices(output, plan);
        output.WriteLine($"  {(plan.Spec.Options.OnErrorStop ? "the first refused row stops the load" : "refused rows are set aside")}");
        if (plan.IsSingleTransaction)
        {
            output.WriteLine("  all in a single transaction: what fails undoes it");
        }

        foreach (var missing in plan.Missing)
        {
            output.WriteLine($"  missing: {Printable.Escape(missing)}");
        }

        foreach (var line in plan.Travels)
        {
            output.WriteLine($"  {Printable.Escape(line)}");
        }

        WriteStep(output, plan.BeforeLoad);
        WriteStep(output, plan.DropForeignKeys);
        WriteStep(output, plan.Truncate);
        WriteStep(output, plan.DropSchemas);
        WriteDrops(output, plan.Drops);
        if (plan is { CreatesTables: true, Spec.Schema.CreateSchemas: true })
        {
            output.WriteLine($"  schemas, created where they are missing: {string.Join(", ", plan.Schemas.Select(Identifier.Display).Select(schema => Printable.Escape(schema)))}");
        }

        WriteStep(output, plan.Objects);
        foreach (var table in plan.Tables)
        {
            WriteTable(output, table, plan.CopiesData);
        }

        WriteStep(output, plan.AfterSchema);
        WriteStep(output, plan.AttachIndexes);
        WriteStep(output, plan.Finish);
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

    private static void WriteChoices(TextWriter output, DatabasePlan plan)
    {
        output.WriteLine($"  {plan.Workers} table{(plan.Workers == 1 ? "" : "s")} side by side: {plan.WorkersReason}");
        output.WriteLine($"  {plan.Writers} writer{(plan.Writers == 1 ? "" : "s")} for each table: {plan.WritersReason}");
        output.WriteLine($"  {plan.IndexBuilders} index{(plan.IndexBuilders == 1 ? "" : "es")} side by side: {plan.IndexBuildersReason}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  batches of {plan.BatchRows} rows or {plan.BatchBytes / 1024.0 / 1024:0.##} MB, at most {plan.BytesInFlight / 1024.0 / 1024:0.##} MB of them in memory"));
    }

    private static void WriteDrops(TextWriter output, ImmutableArray<DroppedObject> drops)
    {
        foreach (var (title, isDependent) in new[] { ("dropped", false), ("dropped because it depends on that", true) })
        {
            foreach (var (drop, i) in drops.Where(drop => drop.IsDependent == isDependent).Select((drop, i) => (drop, i)))
            {
                if (i == 0)
                {
                    output.WriteLine($"  {title}");
                }

                var rows = drop.Rows is { } count ? string.Create(CultureInfo.InvariantCulture, $", about {count} rows") : "";
                output.WriteLine($"    {drop.Kind} {Printable.Escape(drop.Name)}{rows}");
            }
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

        foreach (var sql in table.Create.Concat(new[] { table.Distribute }.OfType<string>()).Concat(table.DropIndexes).Concat(table.Indexes.SelectMany(index => index.Statements)).Concat(table.FinishIndexes).Concat(table.Sequences)
            .Concat(table.ForeignKeys.SelectMany(key => key.Validate is { } validate ? key.AddAll.Append(validate) : key.AddAll)).Concat(table.Checks).Concat(table.Triggers).Concat(table.Comments))
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

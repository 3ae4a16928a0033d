using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Plans;

/// <summary>Takes plans and writes them: as text one after the other, or at the end as one JSON document.</summary>
public sealed class PlanOutput(TextWriter output, PlanFormat format)
{
    private readonly List<JsonPlan> _plans = [];

    /// <summary>Where they are written.</summary>
    public TextWriter Text => output;

    /// <param name="plan">What will be done.</param>
    /// <param name="source">What is read, as a user knows it.</param>
    /// <param name="consistency">At what point in time.</param>
    /// <param name="target">Where it goes, without any secret.</param>
    public void Add(DatabasePlan plan, string source, string consistency, string target)
    {
        if (format == PlanFormat.Json)
        {
            _plans.Add(JsonPlans.Of(plan, source, consistency, target));
        }
        else
        {
            DatabaseExplain.Write(plan, source, consistency, target, output);
        }
    }

    /// <param name="plan">What will be done.</param>
    /// <param name="source">What is read, as a user knows it.</param>
    /// <param name="target">Where it goes, without any secret.</param>
    /// <param name="columns">The loaded columns, in the order of the COPY.</param>
    /// <param name="way">How the rows travel, in the target's words; empty for COPY FROM STDIN.</param>
    public void Add(FileLoadPlan plan, string source, string target, ImmutableArray<PostgresColumn> columns, ImmutableArray<string> way)
    {
        if (format == PlanFormat.Json)
        {
            _plans.Add(JsonPlans.Of(plan, source, target, columns, way));
        }
        else
        {
            FileLoadExplain.Write(plan, source, target, columns, way, output);
        }
    }

    /// <summary>What can be said before the table exists.</summary>
    /// <param name="spec">The command.</param>
    /// <param name="table">The table that BEFORE LOAD has to make.</param>
    /// <param name="target">Where it goes, without any secret.</param>
    /// <param name="said">What the target said of it.</param>
    public void AddWithoutTable(FileLoadSpec spec, QualifiedName table, string target, string said)
    {
        if (format == PlanFormat.Json)
        {
            _plans.Add(JsonPlans.WithoutTable(spec, table, target, said));
        }
        else
        {
            FileLoadExplain.WriteWithoutTable(spec, table, target, output);
            output.WriteLine($"  note: {said}");
        }
    }

    /// <summary>Ends the document, if it is one.</summary>
    /// <param name="version">Of the program.</param>
    /// <param name="exitCode">What the process returns.</param>
    public void Complete(string version, ExitCode exitCode)
    {
        if (format == PlanFormat.Json)
        {
            output.Write(JsonPlans.Write(_plans, version, exitCode));
        }
    }
}

/// <summary>How plans are written.</summary>
public enum PlanFormat
{
    Text,
    Json,
}

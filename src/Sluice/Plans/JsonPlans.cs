using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Plans;

/// <summary>Plans as one JSON document, <c>sluice-plan/1</c>; described in docs/plan.md.</summary>
internal static class JsonPlans
{
    public const string Schema = "sluice-plan/1";

    public static string Write(IReadOnlyList<JsonPlan> plans, string version, ExitCode exitCode) =>
        JsonSerializer.Serialize(new JsonPlanDocument(Schema, version, (int)exitCode, plans), JsonPlanContext.Readable.JsonPlanDocument) + "\n";

    public static JsonPlan Of(DatabasePlan plan, string source, string consistency, string target) => Common(plan.Spec, target) with
    {
        Source = source,
        Consistency = consistency,
        SourceEncoding = plan.SourceEncoding,
        Way = [.. plan.Travels],
        Choices = new JsonPlanChoices
        {
            Workers = new(plan.Workers, plan.WorkersReason),
            Writers = new(plan.Writers, plan.WritersReason),
            IndexBuilders = new(plan.IndexBuilders, plan.IndexBuildersReason),
            BatchRows = plan.BatchRows,
            BatchBytes = plan.BatchBytes,
            BytesInFlight = plan.BytesInFlight,
        },
        Before = Steps(plan.BeforeLoad, plan.DropForeignKeys, plan.Truncate, plan.DropSchemas, plan.Objects),
        Drops = [.. plan.Drops.Select(drop => new JsonPlanDrop(drop.Kind, drop.Name, drop.Rows, drop.IsDependent))],
        Missing = [.. plan.Missing],
        Tables = [.. plan.Tables.Select(Table)],
        AfterSchema = Steps(plan.AfterSchema),
        After = Steps(plan.AttachIndexes, plan.Finish, plan.AfterLoad),
        NotCarriedOver = [.. plan.Uncarried.Select(item => new JsonPlanUncarried(item.Kind, item.Name, item.Reason))],
        Notices = [.. plan.Notices],
    };

    public static JsonPlan Of(FileLoadPlan plan, string source, string target, ImmutableArray<PostgresColumn> columns, ImmutableArray<string> way) => Common(plan.Spec, target) with
    {
        Source = source,
        Choices = new JsonPlanChoices
        {
            Writers = new(plan.Writers, plan.WritersReason),
            BatchRows = plan.BatchRows,
            BatchBytes = plan.BatchBytes,
            PreservesOrder = plan.PreserveOrder,
        },
        Before = Steps(plan.BeforeLoad, plan.Truncate),
        Tables =
        [
            new JsonPlanTable
            {
                Schema = plan.Table.Name.Schema ?? "",
                Name = plan.Table.Name.Name,
                Way = way.IsEmpty ? [CopyStream.Sql(plan.Table.Name, [.. columns.Select(column => column.Name)], FileLoadPlan.Encoding(columns).Encoding)] : [.. way],
                Columns = [.. columns.Select(column => new JsonPlanColumn { Name = column.Name, Type = column.TypeName, NotNull = column.IsNotNull })],
                DropIndexes = [.. plan.Indexes?.Drop ?? []],
                Indexes = [.. (plan.Indexes?.Build ?? []).Select(build => new JsonPlanObject(build.Name.Name, [.. build.Statements]))],
                FinishIndexes = [.. plan.Indexes?.Finish ?? []],
            },
        ],
        After = Steps(plan.AfterLoad),
        Notices = [.. plan.Notices],
    };

    public static JsonPlan WithoutTable(FileLoadSpec spec, QualifiedName table, string target, string said) => Common(spec, target) with
    {
        Before = Steps(FileLoadPlan.Step("before load", spec.BeforeLoad)),
        After = Steps(FileLoadPlan.Step("after load", spec.AfterLoad)),
        Notices = [$"table {table} does not exist yet: BEFORE LOAD has to create it, its columns cannot be checked now", said],
    };

    private static JsonPlan Common(LoadSpec spec, string target) => new()
    {
        Command = FormattableString.Invariant($"{spec.Text.Name}:{spec.Text.Position(spec.Span.Start).Line}"),
        Kind = spec.Kind,
        Target = target,
        SingleTransaction = spec.Options.SingleTransaction,
        OnErrorStop = spec.Options.OnErrorStop,
    };

    private static JsonPlanStep[] Steps(params SqlStep?[] steps) =>
        [.. steps.OfType<SqlStep>().Select(step => new JsonPlanStep(step.Title, [.. step.Statements.Select(statement => SecretMask.RedactSql(statement.Sql))]))];

    private static JsonPlanTable Table(TablePlan table) => new()
    {
        Source = table.Source.Name.Name,
        Schema = table.Target.Schema ?? "",
        Name = table.Target.Name,
        EstimatedRows = table.Source.EstimatedRows,
        Columns =
        [
            .. table.Columns.Select(column => new JsonPlanColumn
            {
                Source = column.Source.Name,
                SourceType = column.Source.DeclaredType,
                Name = column.Name,
                Type = column.Target.Type + column.Target.TypeSuffix,
                NotNull = column.Target.IsNotNull,
                Default = column.Target.Default,
                Using = column.Cast.UsingName,
                Rule = column.Target.Rule is null ? column.Cast.Rule?.Name : $"{column.Cast.Rule?.Name ?? "as declared"}: {column.Target.Rule}",
            }),
        ],
        Create = [.. table.Create, .. table.Distribute is { } distribute ? [distribute] : Array.Empty<string>()],
        DropIndexes = [.. table.DropIndexes],
        Indexes = [.. table.Indexes.Select(index => new JsonPlanObject(index.Name, [.. index.Statements]))],
        FinishIndexes = [.. table.FinishIndexes],
        ForeignKeys = [.. table.ForeignKeys.Select(key => new JsonPlanObject(key.Name, [.. key.AddAll, .. key.Validate is { } validate ? [validate] : Array.Empty<string>()]))],
        Sequences = [.. table.Sequences],
        Checks = [.. table.Checks],
        Triggers = [.. table.Triggers],
        Comments = [.. table.Comments],
    };
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Plans;

internal sealed record JsonPlanDocument(string Schema, string Version, int ExitCode, IReadOnlyList<JsonPlan> Plans);

internal sealed record JsonPlan
{
    public required string Command { get; init; }

    public required string Kind { get; init; }

    public required string Target { get; init; }

    public string? Source { get; init; }

    public string? Consistency { get; init; }

    public string? SourceEncoding { get; init; }

    public bool SingleTransaction { get; init; }

    public bool OnErrorStop { get; init; }

    public string[] Way { get; init; } = [];

    public JsonPlanChoices? Choices { get; init; }

    public JsonPlanStep[] Before { get; init; } = [];

    public JsonPlanDrop[] Drops { get; init; } = [];

    public string[] Missing { get; init; } = [];

    public JsonPlanTable[] Tables { get; init; } = [];

    public JsonPlanStep[] AfterSchema { get; init; } = [];

    public JsonPlanStep[] After { get; init; } = [];

    public JsonPlanUncarried[] NotCarriedOver { get; init; } = [];

    public string[] Notices { get; init; } = [];
}

/// <summary>How much at a time. What has no meaning for a kind of load is left out.</summary>
internal sealed record JsonPlanChoices
{
    public JsonPlanChoice? Workers { get; init; }

    public required JsonPlanChoice Writers { get; init; }

    public JsonPlanChoice? IndexBuilders { get; init; }

    public required int BatchRows { get; init; }

    public required int BatchBytes { get; init; }

    public long? BytesInFlight { get; init; }

    public bool? PreservesOrder { get; init; }
}

internal sealed record JsonPlanChoice(int Count, string Reason);

internal sealed record JsonPlanStep(string Title, string[] Statements);

internal sealed record JsonPlanDrop(string Kind, string Name, long? Rows, bool IsDependent);

internal sealed record JsonPlanTable
{
    public string? Source { get; init; }

    public required string Schema { get; init; }

    public required string Name { get; init; }

    public long? EstimatedRows { get; init; }

    public string[] Way { get; init; } = [];

    public JsonPlanColumn[] Columns { get; init; } = [];

    public string[] Create { get; init; } = [];

    public string[] DropIndexes { get; init; } = [];

    public JsonPlanObject[] Indexes { get; init; } = [];

    public string[] FinishIndexes { get; init; } = [];

    public JsonPlanObject[] ForeignKeys { get; init; } = [];

    public string[] Sequences { get; init; } = [];

    public string[] Checks { get; init; } = [];

    public string[] Triggers { get; init; } = [];

    public string[] Comments { get; init; } = [];
}

internal sealed record JsonPlanColumn
{
    public string? Source { get; init; }

    public string? SourceType { get; init; }

    public required string Name { get; init; }

    public required string Type { get; init; }

    public required bool NotNull { get; init; }

    public string? Default { get; init; }

    public string? Using { get; init; }

    public string? Rule { get; init; }
}

internal sealed record JsonPlanObject(string Name, string[] Statements);

internal sealed record JsonPlanUncarried(string Kind, string Name, string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonPlanDocument))]
internal sealed partial class JsonPlanContext : JsonSerializerContext
{
    /// <summary>Indented, with names as people write them: the file is not put into a web page.</summary>
    public static JsonPlanContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

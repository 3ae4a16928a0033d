using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Targets;

/// <summary>What a target is asked before anything is created in it.</summary>
public sealed record SurveyRequest
{
    /// <summary>Those of the tables.</summary>
    public required ImmutableArray<string> Schemas { get; init; }

    public required ImmutableArray<QualifiedName> Tables { get; init; }

    /// <summary>Of the columns, as SQL writes them.</summary>
    public required ImmutableArray<string> Types { get; init; }

    /// <summary>Those that will be dropped with all that is in them, rather than tables.</summary>
    public ImmutableArray<string> DroppedSchemas { get; init; } = [];

    /// <summary>Sequences and types that will be dropped besides tables.</summary>
    public ImmutableArray<QualifiedName> DroppedObjects { get; init; } = [];

    /// <summary>Extensions that will be created where they are missing.</summary>
    public ImmutableArray<string> Extensions { get; init; } = [];
}

/// <summary>What a target said. Empty where it was not asked.</summary>
public sealed record TargetSurvey
{
    /// <summary>False where the target was not asked: then nothing can be said.</summary>
    public bool IsKnown { get; init; }

    /// <summary>CREATE on the database.</summary>
    public bool MayCreateSchemas { get; init; } = true;

    /// <summary>Those that were asked for and exist.</summary>
    public ImmutableArray<SurveyedSchema> Schemas { get; init; } = [];

    /// <summary>What has the name of a table that is to be created.</summary>
    public ImmutableArray<SurveyedRelation> Relations { get; init; } = [];

    public ImmutableArray<UnknownType> UnknownTypes { get; init; } = [];

    /// <summary>Of those that were asked for.</summary>
    public ImmutableArray<SurveyedExtension> Extensions { get; init; } = [];

    /// <summary>What goes when the relations, or the schemas, are dropped with CASCADE.</summary>
    public ImmutableArray<SurveyedObject> Doomed { get; init; } = [];
}

/// <summary>A schema that exists, and what the role may do in it.</summary>
public sealed record SurveyedSchema(string Name, bool MayCreate, bool MayUse, bool IsOwner);

/// <summary>An extension that the server has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">Where it is installed; null: nowhere yet.</param>
/// <param name="IsAvailable">Its files are there.</param>
public sealed record SurveyedExtension(string Name, string? Schema, bool IsAvailable);

/// <summary>A relation that exists.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is: <c>table</c>, <c>view</c>.</param>
/// <param name="IsOwner">The role may drop it.</param>
public sealed record SurveyedRelation(QualifiedName Name, string Kind, bool IsOwner);

/// <summary>A type that the server does not know by that name.</summary>
/// <param name="Name">As asked for.</param>
/// <param name="Extension">What would bring it, if that is known.</param>
/// <param name="Schema">The schema in which the extension is installed already.</param>
/// <param name="IsAvailable">The server has the extension's files.</param>
public sealed record UnknownType(string Name, string? Extension, string? Schema, bool IsAvailable);

/// <summary>Something that goes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name, quoted where needed.</param>
/// <param name="Rows">About how many, of a table that was counted.</param>
/// <param name="IsDependent">It is not dropped itself but depends on what is.</param>
public sealed record SurveyedObject(string Kind, string Name, long? Rows, bool IsDependent);

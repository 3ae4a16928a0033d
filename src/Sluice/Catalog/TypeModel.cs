using System.Collections.Immutable;

namespace Sluice.Catalog;

/// <summary>A type that a source's columns are of and that its users made.</summary>
public sealed record TypeModel
{
    public required QualifiedName Name { get; init; }

    public required TypeKind Kind { get; init; }

    /// <summary>The type of several ranges that comes with one.</summary>
    public QualifiedName? Multirange { get; init; }

    /// <summary>What stands after its name in CREATE TYPE or CREATE DOMAIN.</summary>
    public required SourceSql Definition { get; init; }

    /// <summary>The checks of a domain.</summary>
    public ImmutableArray<CheckModel> Checks { get; init; } = [];

    public string? Comment { get; init; }
}

/// <summary>How a type is made.</summary>
public enum TypeKind
{
    Enum,
    Domain,
    Composite,
    Range,
}

/// <summary>A check with its name, <c>CHECK (…)</c>; one that is not validated need not hold for the rows that are there.</summary>
public sealed record CheckModel(string Name, SourceSql Definition, bool IsValidated, string? Comment);

namespace Sluice.Catalog;

/// <summary>A sequence, and where it stands.</summary>
public sealed record SequenceModel
{
    public required QualifiedName Name { get; init; }

    public required string TypeName { get; init; }

    public required long Start { get; init; }

    public required long Increment { get; init; }

    public required long Minimum { get; init; }

    public required long Maximum { get; init; }

    public required long Cache { get; init; }

    public bool IsCycle { get; init; }

    public bool IsUnlogged { get; init; }

    /// <summary>The table whose column owns it.</summary>
    public QualifiedName? OwnerTable { get; init; }

    public string? OwnerColumn { get; init; }

    /// <summary>It belongs to an identity column and comes with it.</summary>
    public bool IsIdentity { get; init; }

    /// <summary>Null where the source does not tell.</summary>
    public long? LastValue { get; init; }

    /// <summary>The next value is the one after the last; false: the last itself.</summary>
    public bool IsCalled { get; init; }

    public string? Comment { get; init; }
}

/// <summary>An extension that types or functions of the tables come from.</summary>
public sealed record ExtensionModel(string Name, string Schema);

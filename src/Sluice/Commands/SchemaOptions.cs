namespace Sluice.Commands;

/// <summary>What is created on the target, and how a database is read.</summary>
public sealed record SchemaOptions
{
    public bool DataOnly { get; init; }

    public bool SchemaOnly { get; init; }

    /// <summary>DROP … CASCADE before CREATE.</summary>
    public bool IncludeDrop { get; init; } = true;

    public bool CreateTables { get; init; } = true;

    public bool CreateSchemas { get; init; } = true;

    /// <summary>DROP SCHEMA … CASCADE before CREATE.</summary>
    public bool DropSchema { get; init; }

    public bool CreateIndexes { get; init; } = true;

    /// <summary>Keep the source's index names instead of making them unique.</summary>
    public bool PreserveIndexNames { get; init; }

    public bool ResetSequences { get; init; } = true;

    public bool ForeignKeys { get; init; } = true;

    /// <summary><c>exact types</c>: integers exactly as declared, DATETIME as timestamp.</summary>
    public bool ExactTypes { get; init; }

    /// <summary>Several readers per table, by key ranges.</summary>
    public bool MultipleReaders { get; init; }

    /// <summary>Rows a range holds when there are several readers per table.</summary>
    public long RowsPerRange { get; init; } = 10_000;

    /// <summary>The encoding of the source's text, or null for its own.</summary>
    public string? EncodingName { get; init; }
}

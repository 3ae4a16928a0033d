namespace RedshiftLocal.Sql;

internal enum TypeRank
{
    /// <summary>May be the type of a user table's column.</summary>
    User,

    /// <summary>Known to the leader node only.</summary>
    Leader,

    /// <summary>PostgreSQL's, and named in the list of types that Redshift lacks.</summary>
    Unsupported,

    /// <summary>Redshift's, and not built here.</summary>
    NotCovered,
}

/// <summary>A type: as Redshift's catalogs name it, as the client wrote it, and as the backing server is told.</summary>
internal sealed record DataType(string Name, string Written, string Backing, TypeRank Rank)
{
    /// <summary>The name without modifiers.</summary>
    public required string Base { get; init; }

    /// <summary>VARCHAR without a length: 256 bytes in a column, as long as the value in a cast.</summary>
    public bool IsBare { get; init; }

    public bool IsBoolean => Base is "boolean";

    public bool IsCharacter => Base is "character varying" or "character";

    /// <summary>May be a distribution or sort key.</summary>
    public bool IsKey => Rank is TypeRank.User && Base is not ("super" or "varbyte");
}

namespace RedshiftLocal.Sql;

/// <summary>What the translation of a statement depends on beside its text.</summary>
public sealed record SessionFacts
{
    /// <summary>enable_case_sensitive_identifier.</summary>
    public bool CaseSensitiveIdentifiers { get; init; }

    public required string User { get; init; }

    public required string Database { get; init; }

    public bool InTransactionBlock { get; init; }

    /// <summary>STL and STV views do not exist.</summary>
    public bool Serverless { get; init; }
}

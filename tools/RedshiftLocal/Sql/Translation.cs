using System.Collections.Immutable;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>What is to be done with one statement. Errors are raised as <see cref="ServerException"/> by the translator.</summary>
public abstract record Translation
{
    /// <summary>Sent to the client before the statement's own answer.</summary>
    public ImmutableArray<Notice> Notices { get; init; } = [];
}

/// <summary>Nothing but blanks and comments: EmptyQueryResponse.</summary>
public sealed record EmptyStatement : Translation;

/// <summary>
/// Goes to the backing server as <see cref="Sql"/>. The statements of <see cref="Before"/> and <see cref="After"/> run in the same
/// transaction and their results are not shown.
/// </summary>
public sealed record Forwarded(string Sql) : Translation
{
    public ImmutableArray<string> Before { get; init; } = [];

    public ImmutableArray<string> After { get; init; } = [];

    /// <summary>The command tag the client is sent, or null: as the backing server says, less a count that Redshift does not send.</summary>
    public string? Tag { get; init; }

    /// <summary>What stl_query and its kin call it, or null: it runs on the leader node and has no query id.</summary>
    public string? QueryKind { get; init; }

    public BlockRule Block { get; init; }
}

public enum BlockRule
{
    /// <summary>Runs inside a transaction block and outside.</summary>
    Any,

    /// <summary>Refused inside a block.</summary>
    OutsideOnly,

    /// <summary>Refused outside a block (DECLARE).</summary>
    InsideOnly,

    /// <summary>Ends the block with a commit: that which ran before included (TRUNCATE).</summary>
    Commits,
}

public enum TransactionVerb
{
    Begin,
    Commit,
    Rollback,
}

/// <summary>BEGIN, COMMIT, ROLLBACK and their synonyms.</summary>
public sealed record TransactionControl(TransactionVerb Verb, string Sql, string Tag) : Translation;

public enum SettingVerb
{
    Set,
    Reset,
    Show,
}

/// <summary>SET, RESET and SHOW of one name; the session answers. Value is null for RESET, SHOW and SET … TO DEFAULT.</summary>
public sealed record Setting(SettingVerb Verb, string Name, string? Value, bool Local) : Translation;

/// <summary>COPY … FROM: the statement is read by the COPY engine.</summary>
public sealed record CopyFrom(SqlStatement Statement) : Translation;

/// <summary>UNLOAD: the statement is read by the UNLOAD engine, which runs the query on the backing server.</summary>
public sealed record UnloadTo(SqlStatement Statement, string Query) : Translation;

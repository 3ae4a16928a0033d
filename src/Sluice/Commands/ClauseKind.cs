namespace Sluice.Commands;

/// <summary>The clauses of the language.</summary>
internal enum ClauseKind
{
    Encoding,
    Fields,
    Into,
    TargetTable,
    Columns,
    With,
    Set,
    SetMySql,
    SetSqlServer,
    Cast,
    Materialize,
    Including,
    Excluding,
    Decoding,
    AlterTable,
    AlterSchema,
    Distribute,
    BeforeLoad,
    AfterCreateSchema,
    AfterLoad,
    Finally,
}

/// <summary>A clause's first words and the kinds of LOAD that have it.</summary>
internal sealed record ClauseDefinition(ClauseKind Kind, string Words, LoadKinds Kinds)
{
    /// <summary>Every clause; longer beginnings come before shorter ones.</summary>
    public static IReadOnlyList<ClauseDefinition> All { get; } =
    [
        new(ClauseKind.Encoding, "with encoding", LoadKinds.Text | LoadKinds.Dbf),
        new(ClauseKind.Fields, "having fields", LoadKinds.Text),
        new(ClauseKind.Into, "into", LoadKinds.All),
        new(ClauseKind.TargetTable, "target table", LoadKinds.Files),
        new(ClauseKind.Columns, "target columns", LoadKinds.Text),
        new(ClauseKind.With, "with", LoadKinds.Loading),
        new(ClauseKind.SetMySql, "set mysql parameters", LoadKinds.MySql),
        new(ClauseKind.SetSqlServer, "set mssql parameters", LoadKinds.SqlServer),
        new(ClauseKind.Set, "set", LoadKinds.Loading),
        new(ClauseKind.Cast, "cast", LoadKinds.Dbf | LoadKinds.Databases),
        new(ClauseKind.Materialize, "materialize", LoadKinds.Databases),
        new(ClauseKind.Including, "including only table names", LoadKinds.Databases),
        new(ClauseKind.Excluding, "excluding table names", LoadKinds.Databases),
        new(ClauseKind.Decoding, "decoding table names", LoadKinds.MySql | LoadKinds.Postgres),
        new(ClauseKind.AlterTable, "alter table names", LoadKinds.Databases),
        new(ClauseKind.AlterSchema, "alter schema", LoadKinds.Databases),
        new(ClauseKind.Distribute, "distribute", LoadKinds.Databases),
        new(ClauseKind.BeforeLoad, "before load", LoadKinds.All),
        new(ClauseKind.AfterCreateSchema, "after create schema",
            LoadKinds.Dbf | LoadKinds.Ixf | LoadKinds.Databases),
        new(ClauseKind.AfterLoad, "after load", LoadKinds.Loading),
        new(ClauseKind.Finally, "finally", LoadKinds.Archive),
    ];

    /// <summary>The clause's words as users write them.</summary>
    public string Display => Words.ToUpperInvariant();
}

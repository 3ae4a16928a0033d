using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Commands;

/// <summary>LOAD DATABASE: a whole source database.</summary>
public sealed record DatabaseLoadSpec : LoadSpec
{
    /// <summary>The source; for SQLite its <see cref="DatabaseUri.Database"/> is the file as written.</summary>
    public required DatabaseUri Source { get; init; }

    /// <summary>Only for SQLite: the file, absolute, or a download.</summary>
    public FileLocation? File { get; init; }

    public SchemaOptions Schema { get; init; } = new();

    /// <summary><c>SET MySQL PARAMETERS</c>, <c>SET MSSQL PARAMETERS</c>: for every session on the source.</summary>
    public ImmutableArray<Setting> SourceSettings { get; init; } = [];

    /// <summary>The user's rules in the written order; the first that matches wins.</summary>
    public ImmutableArray<CastRuleSpec> Casts { get; init; } = [];

    /// <summary>Empty: all tables.</summary>
    public ImmutableArray<TableFilter> Including { get; init; } = [];

    public ImmutableArray<TableFilter> Excluding { get; init; } = [];

    public ImmutableArray<DecodingRule> Decoding { get; init; } = [];

    public ImmutableArray<AlterTableRule> AlterTables { get; init; } = [];

    public AlterSchemaRule? AlterSchema { get; init; }

    public bool MaterializeAllViews { get; init; }

    public ImmutableArray<MaterializedView> Views { get; init; } = [];

    public ImmutableArray<DistributionRule> Distribution { get; init; } = [];
}

/// <summary>A table name: exact (or LIKE for SQL Server and SQLite), or a regular expression in the server's dialect.</summary>
public sealed record TablePattern(string Text, bool IsRegex);

/// <summary>Which tables, and in which schema when that is written.</summary>
public sealed record TableFilter(ImmutableArray<TablePattern> Patterns, string? Schema);

/// <summary>The encoding of the text of some MySQL tables.</summary>
public sealed record DecodingRule(ImmutableArray<TablePattern> Patterns, string EncodingName);

/// <summary>What ALTER TABLE NAMES MATCHING does.</summary>
public enum AlterTableAction
{
    Rename,
    SetSchema,
    SetParameters,
    SetTablespace,
}

/// <summary>One ALTER TABLE NAMES MATCHING. Its name is the new name, schema or tablespace, null for storage parameters.</summary>
public sealed record AlterTableRule(TableFilter Tables, AlterTableAction Action, string? Name, ImmutableArray<Setting> Parameters);

/// <summary>ALTER SCHEMA … RENAME TO ….</summary>
public sealed record AlterSchemaRule(string From, string To);

/// <summary>A view to load as a table. Its SQL is created on the source for the time of the load; null when the view exists.</summary>
public sealed record MaterializedView(QualifiedName Name, string? Sql);

/// <summary>How a table is spread over a Citus cluster: no column makes a reference table, the tables of From lead to the column.</summary>
public sealed record DistributionRule(QualifiedName Table, string? Column, ImmutableArray<QualifiedName> From);

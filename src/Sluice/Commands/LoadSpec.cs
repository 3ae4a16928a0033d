using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>What one bound command means: everything that can be known without touching a file or a server.</summary>
public abstract record LoadSpec
{
    /// <summary>The command's text, rendered.</summary>
    public required SourceText Text { get; init; }

    /// <summary>Where the words stand that begin it, for messages about the command as a whole.</summary>
    public TextSpan Span { get; init; }

    /// <summary>The words after LOAD, for messages: <c>CSV</c>, <c>DATABASE</c>, <c>ARCHIVE</c>…</summary>
    public required string Kind { get; init; }

    /// <summary>The same as a value: which source reads it.</summary>
    public LoadKinds LoadKind { get; init; } = LoadKinds.Csv;

    /// <summary>Null only for an archive without INTO.</summary>
    public DatabaseUri? Target { get; init; }

    public LoadOptions Options { get; init; } = new();

    /// <summary><c>SET</c> for every session on the target, in the written order.</summary>
    public ImmutableArray<Setting> Settings { get; init; } = [];

    public ImmutableArray<SqlPart> BeforeLoad { get; init; } = [];

    public ImmutableArray<SqlPart> AfterCreateSchema { get; init; } = [];

    public ImmutableArray<SqlPart> AfterLoad { get; init; } = [];

    /// <summary>Warnings and notes of the binder; errors are thrown.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];
}

/// <summary>A file load: CSV, FIXED, COPY, DBF or IXF.</summary>
public sealed record FileLoadSpec : LoadSpec
{
    public required FileLocation Location { get; init; }

    /// <summary>A .NET encoding name that exists, or null for the default (UTF-8).</summary>
    public string? EncodingName { get; init; }

    /// <summary>The written field list; empty when there is none.</summary>
    public ImmutableArray<FieldSpec> Fields { get; init; } = [];

    /// <summary>From TARGET TABLE or the URI.</summary>
    public QualifiedName? Table { get; init; }

    /// <summary>The written column list; empty when there is none.</summary>
    public ImmutableArray<ColumnSpec> Columns { get; init; } = [];

    /// <summary>Only for LOAD CSV.</summary>
    public CsvOptions? Csv { get; init; }

    /// <summary>Only for LOAD FIXED.</summary>
    public FixedOptions? Fixed { get; init; }

    /// <summary>Only for LOAD COPY.</summary>
    public CopyOptions? Copy { get; init; }

    /// <summary>Only for LOAD DBF and LOAD IXF.</summary>
    public SchemaOptions? Schema { get; init; }

    /// <summary>Only for LOAD DBF.</summary>
    public ImmutableArray<CastRuleSpec> Casts { get; init; } = [];

    /// <summary>Only for LOAD IXF: the zone of its timestamps, <c>UTC</c> or a region.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>A configuration parameter of a session.</summary>
public sealed record Setting(string Name, string Value);

/// <summary>One statement of a BEFORE or AFTER clause, in the written order.</summary>
/// <param name="Sql">The statement without its final semicolon.</param>
/// <param name="Origin">For messages: <c>file:line</c>.</param>
public sealed record SqlPart(string Sql, string Origin);

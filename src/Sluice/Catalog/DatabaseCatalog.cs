using System.Collections.Immutable;

namespace Sluice.Catalog;

/// <summary>The schema of a source database, as it was read. Names are bare; SQL text is in the source's dialect.</summary>
public sealed record DatabaseCatalog
{
    /// <summary>In the source's order.</summary>
    public required ImmutableArray<TableModel> Tables { get; init; }

    /// <summary>Views that can be read as tables are.</summary>
    public ImmutableArray<TableModel> Views { get; init; } = [];

    /// <summary>INCLUDING and EXCLUDING were applied by the source: the tables are those that are meant.</summary>
    public bool IsFiltered { get; init; }

    /// <summary>SQL and types are PostgreSQL's own: a target that has all of it takes them exactly.</summary>
    public bool IsPostgres { get; init; }

    /// <summary>The kind of server whose words its declared types are in, where a target may be of that kind too.</summary>
    public string? ServerKind { get; init; }

    /// <summary>In the order in which they can be made.</summary>
    public ImmutableArray<TypeModel> Types { get; init; } = [];

    public ImmutableArray<SequenceModel> Sequences { get; init; } = [];

    public ImmutableArray<ExtensionModel> Extensions { get; init; } = [];

    /// <summary>Of schemas that have one of their own.</summary>
    public ImmutableArray<SchemaComment> SchemaComments { get; init; } = [];

    /// <summary>What its SQL puts names in.</summary>
    public char QuoteMark { get; init; } = '"';

    /// <summary>What a user should know of the source.</summary>
    public ImmutableArray<string> Notices { get; init; } = [];

    /// <summary>The encoding of its texts where it is beyond doubt; null where it keeps the bytes that it was given, whatever they are.</summary>
    public string? TextEncoding { get; init; }

    /// <summary>What there is besides tables: views, triggers…</summary>
    public ImmutableArray<UncarriedObject> Uncarried { get; init; } = [];

    /// <summary>A name in the source's own SQL.</summary>
    public string Quote(string name) => $"{QuoteMark}{name.Replace($"{QuoteMark}", $"{QuoteMark}{QuoteMark}", StringComparison.Ordinal)}{QuoteMark}";

    /// <summary>A table in the source's own SQL. Schemas of other sources than PostgreSQL's kind are made up.</summary>
    public string Quote(QualifiedName name) => IsPostgres && name.Schema is { } schema ? $"{Quote(schema)}.{Quote(name.Name)}" : Quote(name.Name);

    /// <summary>Whether two names are of one table: only PostgreSQL's kind tells cases apart.</summary>
    public bool IsSameName(QualifiedName name, QualifiedName other) =>
        name.Schema == other.Schema && name.Name.Equals(other.Name, IsPostgres ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a source says of a schema.</summary>
public sealed record SchemaComment(string Name, string Text);

/// <summary>Something of a source that does not get into the target.</summary>
/// <param name="Kind">What it is: <c>view</c>, <c>trigger</c>, <c>check</c>.</param>
/// <param name="Name">Its name, or the table's and the column's it belongs to.</param>
/// <param name="Reason">Why, as a clause.</param>
/// <param name="Table">The table it belongs to, bare: what belongs to a table that is not loaded needs no mention.</param>
public sealed record UncarriedObject(string Kind, string Name, string Reason, string? Table = null);

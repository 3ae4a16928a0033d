using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Commands;
using Sluice.Locations;

namespace Sluice.Sources;

/// <summary>What a source of text files reads, and how its fields become columns.</summary>
public abstract record TextSourceSettings
{
    public required IReadOnlyList<InputFile> Inputs { get; init; }

    /// <summary>All columns of the target table that a load may write, in table order.</summary>
    public required ImmutableArray<TextTargetColumn> TargetColumns { get; init; }

    /// <summary>A .NET encoding name, or null for UTF-8 or what a byte order mark says.</summary>
    public string? EncodingName { get; init; }

    /// <summary>The written field list.</summary>
    public ImmutableArray<FieldSpec> Fields { get; init; } = [];

    /// <summary>The written column list.</summary>
    public ImmutableArray<ColumnSpec> Columns { get; init; } = [];

    /// <summary>The longest record that is loaded.</summary>
    public long MaxRowBytes { get; init; } = 64L << 20;

    /// <summary>Compiles a USING expression for these field names; called once per unit.</summary>
    public Func<ColumnSpec, IReadOnlyList<string>, RowExpression>? CompileExpression { get; init; }

    /// <summary>Compiles a date format template; called once per field and unit.</summary>
    public Func<string, Transform>? CompileDateFormat { get; init; }

    /// <summary>Called with the number of source bytes after each read. May be called by several readers at once.</summary>
    public Action<long>? BytesRead { get; init; }

    /// <summary>Once cancelled, reading stops at the next record as if the input ended there.</summary>
    public CancellationToken Drain { get; init; }

    /// <summary>For every field without its own.</summary>
    internal abstract ImmutableArray<NullIf> NullIf { get; }

    /// <summary>For fields whose column has a date or time type, or null.</summary>
    internal abstract string? DateFormat { get; }

    /// <summary>A record of another width than expected is rejected.</summary>
    internal abstract bool IsStrict { get; }
}

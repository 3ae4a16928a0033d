using System.Collections.Immutable;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>One field of a written field list.</summary>
public sealed record FieldSpec
{
    /// <summary>Bare names are lower-case, quoted ones as written.</summary>
    public required string Name { get; init; }

    /// <summary>Values that mean NULL; any one is enough. Empty and <see cref="HasOwnNullIf"/> false: the load's <c>null if</c> counts.</summary>
    public ImmutableArray<NullIf> NullIf { get; init; } = [];

    public bool HasOwnNullIf => !NullIf.IsEmpty;

    public FieldTrim Trim { get; init; }

    /// <summary>The template of <c>date format</c>, already checked, or null.</summary>
    public string? DateFormat { get; init; }

    /// <summary>Fixed-width only: 0-based first character.</summary>
    public int Start { get; init; }

    /// <summary>Fixed-width only: length in characters.</summary>
    public int Length { get; init; }

    public TextSpan Span { get; init; }
}

/// <summary>A value that stands for NULL: a text, or blanks (spaces only, the empty string too) when <paramref name="Text"/> is null.</summary>
public readonly record struct NullIf(string? Text);

/// <summary>Which ends of a field lose their spaces (spaces only).</summary>
public enum FieldTrim
{
    None,
    Left,
    Right,
    Both,
}

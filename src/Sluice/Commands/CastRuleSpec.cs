using Sluice.Casts;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>Whether a property of the source column is kept; null means: not written.</summary>
public enum KeepOrDrop
{
    Keep,
    Drop,
}

/// <summary>One rule of a CAST clause as written.</summary>
public sealed record CastRuleSpec
{
    /// <summary>The text that its places are in, where that is not the command's: of an option of the command line.</summary>
    public SourceText? Text { get; init; }

    /// <summary><c>type x</c>; null when a column is named.</summary>
    public string? SourceType { get; init; }

    /// <summary><c>column t.c</c>: the table, or null.</summary>
    public string? Table { get; init; }

    public string? Column { get; init; }

    /// <summary><c>when unsigned</c> (true), <c>when signed</c> (false).</summary>
    public bool? WhenUnsigned { get; init; }

    public bool WhenNotNull { get; init; }

    public string? WhenDefault { get; init; }

    /// <summary>A condition on <c>precision</c> and <c>scale</c>.</summary>
    public SExpression? When { get; init; }

    public bool WithAutoIncrement { get; init; }

    public bool WithOnUpdateCurrentTimestamp { get; init; }

    public string? ToType { get; init; }

    public KeepOrDrop? Default { get; init; }

    public KeepOrDrop? Extra { get; init; }

    public KeepOrDrop? Typemod { get; init; }

    public KeepOrDrop? NotNull { get; init; }

    /// <summary><c>set not null</c>.</summary>
    public bool SetNotNull { get; init; }

    /// <summary>A function's name as a symbol, or a lambda form.</summary>
    public SExpression? Using { get; init; }

    public TextSpan Span { get; init; }
}

using System.Collections.Immutable;

namespace Sluice.Commands;

/// <summary>How a CSV file is read.</summary>
public sealed record CsvOptions
{
    /// <summary><c>skip header = n</c>: physical lines to drop from each file.</summary>
    public long SkipLines { get; init; }

    /// <summary><c>csv header</c>: one header record after the skipped lines.</summary>
    public bool HasHeader { get; init; }

    /// <summary>One character; null means guess, and TAB when nothing fits.</summary>
    public string? Separator { get; init; }

    /// <summary>One character, or null for <c>fields not enclosed</c>.</summary>
    public string? Quote { get; init; } = "\"";

    /// <summary>True when the command names the quote or escape: a guess then leaves it alone.</summary>
    public bool IsQuotingWritten { get; init; }

    /// <summary>The sequence that stands for a quote (<c>""</c>, <c>\"</c>), or the one escape character.</summary>
    public string Escape { get; init; } = "\"\"";

    /// <summary><c>csv escape mode following</c>: the escape character makes any next character literal.</summary>
    public bool EscapeFollowing { get; init; }

    /// <summary>One character.</summary>
    public string LineTerminator { get; init; } = "\n";

    /// <summary>True when the command names the end of a line: then nothing else is taken for one, or looked for.</summary>
    public bool IsLineTerminatorWritten { get; init; }

    public bool TrimUnquotedBlanks { get; init; } = true;

    /// <summary><c>strict fields</c>: a record with too few or too many fields is rejected.</summary>
    public bool StrictFields { get; init; }

    /// <summary><c>null if</c> for every field without its own.</summary>
    public ImmutableArray<NullIf> NullIf { get; init; } = [];

    /// <summary>Template for fields whose target column has a date or time type, or null.</summary>
    public string? DateFormat { get; init; }
}

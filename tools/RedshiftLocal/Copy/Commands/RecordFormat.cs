using System.Collections.Immutable;

namespace RedshiftLocal.Copy.Commands;

/// <summary>How a file is cut into records and fields.</summary>
public sealed record RecordFormat
{
    /// <summary>CSV; otherwise plain delimited text.</summary>
    public bool Csv { get; init; }

    public byte Delimiter { get; init; } = (byte)'|';

    public byte Quote { get; init; } = (byte)'"';

    public int IgnoreHeader { get; init; }

    public bool IgnoreBlankLines { get; init; }

    /// <summary>REMOVEQUOTES: a pair of quotation marks around a field of delimited text is taken off.</summary>
    public bool RemoveQuotes { get; init; }

    /// <summary>ESCAPE: in delimited text a backslash takes what follows as it is.</summary>
    public bool Escape { get; init; }

    /// <summary>FIXEDWIDTH: the widths in characters; empty in the other formats.</summary>
    public ImmutableArray<int> Widths { get; init; } = [];

    /// <summary>JSON: how its values find their columns; null in the other formats.</summary>
    public JsonMapping? Json { get; init; }

    /// <summary>NULL AS '\0': the byte may be in fields instead of ending the record.</summary>
    public bool NulAllowed { get; init; }
}

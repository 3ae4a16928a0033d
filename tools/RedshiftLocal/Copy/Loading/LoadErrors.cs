using System.Collections.Immutable;
using RedshiftLocal.Copy.Values;

namespace RedshiftLocal.Copy.Loading;

/// <summary>A bad record, as the error views show it.</summary>
internal sealed record LoadError(LoadFile File, long Line, TargetColumn? Column, int Code, string Reason, int Position, string RawLine, string RawField)
{
    /// <summary>The fields read up to and with the bad one.</summary>
    public ImmutableArray<(TargetColumn Column, string Value, bool IsNull)> Fields { get; init; } = [];
}

/// <summary>A value in which ACCEPTINVCHARS replaced bytes.</summary>
internal sealed record Replacement(LoadFile File, long Line, string Column, string RawLine);

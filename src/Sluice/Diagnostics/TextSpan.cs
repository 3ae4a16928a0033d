namespace Sluice.Diagnostics;

/// <summary>A piece of a <see cref="SourceText"/>: 0-based start and length, in UTF-16 units.</summary>
public readonly record struct TextSpan(int Start, int Length)
{
    public int End => Start + Length;

    public static TextSpan FromBounds(int start, int end) => new(start, end - start);
}

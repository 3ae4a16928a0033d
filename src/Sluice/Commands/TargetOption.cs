namespace Sluice.Commands;

/// <summary>A written option, or a parameter of the address, that only a server understands: the target, or the source.</summary>
/// <param name="Key">What it sets: the words of its definition.</param>
/// <param name="Text">Its text, word, or <c>on</c> and <c>off</c>; null when it is a number.</param>
/// <param name="Number">Its number.</param>
/// <param name="Place">Where it was written, for messages.</param>
public sealed record TargetOption(string Key, string? Text, long Number, string Place)
{
    /// <summary>A source may have use for it where the target has none.</summary>
    public bool MayBeSources { get; init; }
}

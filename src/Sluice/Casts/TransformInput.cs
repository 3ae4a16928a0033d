namespace Sluice.Casts;

/// <summary>What kind of value a transform is handed.</summary>
public enum TransformInput
{
    /// <summary>Text in UTF-8: every field of a file, every text column.</summary>
    Text,

    /// <summary>The bytes of a binary or bit column as the server stores them.</summary>
    Bytes,
}

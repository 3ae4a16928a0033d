namespace Sluice.Casts;

/// <summary>What a transform made of a field.</summary>
public enum FieldResult : byte
{
    /// <summary>The input stands as it is.</summary>
    Unchanged,

    /// <summary>The new value is in the scratch buffer.</summary>
    Replaced,

    /// <summary>The value is NULL.</summary>
    Null,
}

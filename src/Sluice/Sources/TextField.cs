namespace Sluice.Sources;

/// <summary>How a field's value is found in its bytes.</summary>
internal enum TextFieldKind : byte
{
    /// <summary>The bytes are the value.</summary>
    Plain,

    /// <summary>NULL.</summary>
    Null,

    /// <summary>The bytes hold escapes or quoted parts: see <see cref="IFieldUnescape"/>.</summary>
    Escaped,
}

/// <summary>Where a field lies in the read buffer, relative to the record's first byte.</summary>
internal readonly record struct TextField(int Start, int Length, TextFieldKind Kind);

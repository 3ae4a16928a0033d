namespace Sluice.Sources.Csv;

/// <summary>How a field's value is found in its bytes.</summary>
internal enum CsvFieldKind : byte
{
    /// <summary>The bytes are the value.</summary>
    Plain,

    /// <summary>Unquoted and empty.</summary>
    Null,

    /// <summary>The bytes hold escapes or quoted parts: see <see cref="CsvUnescape"/>.</summary>
    Escaped,
}

/// <summary>Where a field lies in the read buffer, relative to the record's first byte.</summary>
internal readonly record struct CsvField(int Start, int Length, CsvFieldKind Kind);

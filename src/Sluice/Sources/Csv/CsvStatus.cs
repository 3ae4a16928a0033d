namespace Sluice.Sources.Csv;

/// <summary>What became of an attempt to read one record.</summary>
internal enum CsvStatus
{
    /// <summary>A record was read.</summary>
    Record,

    /// <summary>The record does not end in the bytes at hand.</summary>
    NeedsData,

    /// <summary>Text follows a closing quote.</summary>
    StrayQuote,

    /// <summary>The input ended inside quotes.</summary>
    OpenQuote,
}

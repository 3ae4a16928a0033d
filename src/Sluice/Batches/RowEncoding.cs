namespace Sluice.Batches;

/// <summary>How the rows of a batch are written.</summary>
public enum RowEncoding
{
    /// <summary>COPY text format: tab, newline, backslash escapes, <c>\N</c>.</summary>
    CopyText,

    /// <summary>COPY binary tuples, without file header and trailer.</summary>
    CopyBinary,
}

using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Commands;
using Sluice.Locations;

namespace Sluice.Sources;

/// <summary>What makes one kind of text files different from the others, for <see cref="TextSource"/>.</summary>
internal interface ITextFormat
{
    /// <summary>The files themselves name their fields.</summary>
    bool HasHeader { get; }

    /// <summary>The beginning of every file is looked at before anything is written.</summary>
    bool LooksFirst { get; }

    /// <summary>Opens a file up to its first record.</summary>
    /// <exception cref="Diagnostics.SourceException">It cannot be opened, or is not of this kind.</exception>
    Task<ITextInput> OpenAsync(InputFile file, int index, TextNotices? notices, Action<long>? bytesRead, CancellationToken ct);
}

/// <summary>One opened file, read up to its first record.</summary>
internal interface ITextInput : IAsyncDisposable
{
    /// <summary>What a user knows it by.</summary>
    string Label { get; }

    /// <summary>Source bytes in all, when known.</summary>
    long? Bytes { get; }

    /// <summary>Fields from the header; null where there is none, and for an input without any record.</summary>
    ImmutableArray<FieldSpec>? Header { get; }

    /// <summary>Reads to the end, or to the next record once the settings' drain is cancelled.</summary>
    Task ReadAsync(FieldLayout layout, RowWriter rows, TextNotices notices, CancellationToken ct);
}

using Sluice.Locations;

namespace Sluice.Sources.CopyText;

/// <summary>Files in COPY's text format.</summary>
internal sealed class CopyTextFormat(CopyTextSettings settings) : ITextFormat
{
    public bool HasHeader => false;

    /// <summary>For the line ends, and for files in COPY's binary format.</summary>
    public bool LooksFirst => true;

    public async Task<ITextInput> OpenAsync(InputFile file, int index, TextNotices? notices, Action<long>? bytesRead, CancellationToken ct) =>
        await CopyTextInput.OpenAsync(file, index, settings, bytesRead, ct).ConfigureAwait(false);
}

using Sluice.Locations;

namespace Sluice.Sources.Fixed;

/// <summary>Fixed-width files.</summary>
internal sealed class FixedFormat(FixedSourceSettings settings) : ITextFormat
{
    public bool HasHeader => settings.Options.HasHeader && settings.Fields.IsEmpty;

    /// <summary>For the header and the line ends.</summary>
    public bool LooksFirst => true;

    public async Task<ITextInput> OpenAsync(InputFile file, int index, TextNotices? notices, Action<long>? bytesRead, CancellationToken ct) =>
        await FixedInput.OpenAsync(file, index, settings, bytesRead, ct).ConfigureAwait(false);
}

using Sluice.Locations;

namespace Sluice.Sources.Csv;

/// <summary>CSV files.</summary>
internal sealed class CsvFormat(CsvSourceSettings settings) : ITextFormat
{
    public bool HasHeader => settings.Options.HasHeader && settings.Fields.IsEmpty;

    /// <summary>For the header and the line ends.</summary>
    public bool LooksFirst => HasHeader || !settings.Options.IsLineTerminatorWritten;

    public async Task<ITextInput> OpenAsync(InputFile file, int index, TextNotices? notices, Action<long>? bytesRead, CancellationToken ct) =>
        await CsvInput.OpenAsync(file, index, settings, notices, bytesRead, ct).ConfigureAwait(false);
}

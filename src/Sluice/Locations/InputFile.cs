namespace Sluice.Locations;

/// <summary>One input of a file load, found but not opened.</summary>
/// <param name="Label">What a user knows it by: a path, an address without secrets, <c>stdin</c>.</param>
/// <param name="Bytes">Its size when known before it is opened.</param>
/// <param name="CanReopen">False for what can be read only once: standard input, a download.</param>
/// <param name="OpenAsync">Opens it; throws <see cref="Diagnostics.SourceException"/> when that fails. The caller disposes the stream.</param>
public sealed record InputFile(string Label, long? Bytes, bool CanReopen, Func<CancellationToken, Task<OpenedInput>> OpenAsync);

/// <summary>The bytes of an input.</summary>
/// <param name="Stream">Reads them once, front to back.</param>
/// <param name="Bytes">How many there are, when known.</param>
/// <param name="FirstOffset">0-based offset in the file of the first byte; above 0 for data inside a command file.</param>
/// <param name="FirstLine">1-based line of the first byte.</param>
public sealed record OpenedInput(Stream Stream, long? Bytes, long FirstOffset = 0, long FirstLine = 1);

namespace Sluice.Locations;

/// <summary>An input as a stream of UTF-8 (or of bytes to be checked as such), without its byte order mark.</summary>
/// <param name="Stream">What readers read; owns the source stream.</param>
/// <param name="Charset">How the bytes are checked, and turned back into the source's.</param>
/// <param name="FirstOffset">Offset in the source of the first byte of <paramref name="Stream"/>; meaningless where it is transcoded.</param>
/// <param name="FirstLine">1-based line of the first byte.</param>
public sealed record DecodedInput(Stream Stream, SourceCharset Charset, long FirstOffset, long FirstLine);

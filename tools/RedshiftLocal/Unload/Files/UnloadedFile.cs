using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Unload.Files;

/// <summary>An object that was written.</summary>
/// <param name="Place">Where.</param>
/// <param name="Slice">By which slice.</param>
/// <param name="Rows">Without the header.</param>
/// <param name="Lines">With the header.</param>
/// <param name="Bytes">As stored.</param>
/// <param name="Started">When its first row was there.</param>
/// <param name="Ended">When the store had it.</param>
internal sealed record UnloadedFile(S3Location Place, int Slice, long Rows, long Lines, long Bytes, DateTimeOffset Started, DateTimeOffset Ended);

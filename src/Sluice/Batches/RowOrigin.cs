namespace Sluice.Batches;

/// <summary>Where a row came from.</summary>
/// <param name="Input">0-based index into the inputs of the load (files, read units).</param>
/// <param name="Line">1-based line of the record's first byte in that input.</param>
/// <param name="ByteOffset">0-based offset of the record's first byte in the source file, or -1 where it was transcoded or decompressed.</param>
public readonly record struct RowOrigin(int Input, long Line, long ByteOffset);

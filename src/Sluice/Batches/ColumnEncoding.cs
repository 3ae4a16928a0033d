namespace Sluice.Batches;

/// <summary>How one target column is written.</summary>
/// <param name="Name">The column's bare name, for messages.</param>
/// <param name="Type">The binary type, domains resolved to their base; <see cref="BinaryType.None"/> forces text.</param>
/// <param name="TypeModifier">PostgreSQL's atttypmod, or -1.</param>
/// <param name="SessionZoneOffset">
/// For timestamptz without an explicit offset: the session's fixed offset from UTC, or null when the zone has rules (then such a value goes as text).
/// </param>
public sealed record ColumnEncoding(string Name, BinaryType Type, int TypeModifier = -1, TimeSpan? SessionZoneOffset = null);

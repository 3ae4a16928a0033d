namespace Sluice.Sources.Postgres;

/// <summary>How large tables are split. Debug builds split small ones.</summary>
internal static class ChunkSizes
{
#if DEBUG
    public const long MinBytes = 16 << 10;
#else
    /// <summary>A smaller piece is not worth a query of its own.</summary>
    public const long MinBytes = 16 << 20;
#endif

    public const long MaxBytes = 512 << 20;

    /// <summary>Pieces for each reader, so that the readers end at about the same time.</summary>
    public const int PerReader = 4;
}

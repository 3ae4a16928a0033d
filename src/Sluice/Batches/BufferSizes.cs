namespace Sluice.Batches;

/// <summary>Default sizes. Debug builds use hostile ones, so that every test crosses every boundary.</summary>
public static class BufferSizes
{
#if DEBUG
    public const int BatchBytes = 64;
    public const int BatchRows = 3;
    public const int SlackBytes = 16;
#else
    /// <summary>A batch is full when its rows reach this size.</summary>
    public const int BatchBytes = 4 << 20;

    /// <summary>A batch is full when it has this many rows.</summary>
    public const int BatchRows = 100_000;

    /// <summary>Room above the nominal size: without it the last row would double every buffer.</summary>
    public const int SlackBytes = 64 << 10;
#endif

    /// <summary>Larger batches are cut here: their last row must still fit into one array.</summary>
    public const int MaxBatchBytes = 256 << 20;

    /// <summary>Larger limits are cut here: escaping may double a row.</summary>
    public const int MaxRowBytes = 900_000_000;
}

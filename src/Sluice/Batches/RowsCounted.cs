namespace Sluice.Batches;

/// <summary>
/// Adds to the counters of a load, once per batch: records read (skipped and rejected ones included), records skipped, and records
/// rejected before they reached the server. May be called from several readers at once.
/// </summary>
public delegate void RowsCounted(long read, long skipped, long rejected);

namespace RedshiftLocal.Copy;

/// <summary>What pg_last_copy_count(), pg_last_unload_count() and their kin answer in one session. COPY and UNLOAD change them, also when they fail.</summary>
public sealed class CopyCounters
{
    public long LastCopyCount { get; set; }

    public long LastCopyId { get; set; } = -1;

    public long LastQueryId { get; set; } = -1;

    public long LastUnloadCount { get; set; }

    public long LastUnloadId { get; set; } = -1;
}

namespace RedshiftLocal.Copy;

/// <summary>What pg_last_copy_count(), pg_last_copy_id() and pg_last_query_id() answer in one session. COPY changes them, also when it fails.</summary>
public sealed class CopyCounters
{
    public long LastCopyCount { get; set; }

    public long LastCopyId { get; set; } = -1;

    public long LastQueryId { get; set; } = -1;
}

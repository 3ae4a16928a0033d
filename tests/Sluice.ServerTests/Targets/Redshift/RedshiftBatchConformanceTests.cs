namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>A COPY for each batch.</summary>
public sealed class RedshiftBatchConformanceTests(RedshiftServers servers) : TargetConformance
{
    protected override async Task<TargetSite> OpenAsync(CancellationToken ct) => new((await servers.OpenAsync(ct)).ToSite("copy per batch"));
}

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>One COPY for a table, the default.</summary>
public sealed class RedshiftConformanceTests(RedshiftServers servers) : TargetConformance
{
    protected override async Task<TargetSite> OpenAsync(CancellationToken ct) => new((await servers.OpenAsync(ct)).ToSite(""));
}

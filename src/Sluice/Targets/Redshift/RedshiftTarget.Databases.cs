using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Locations.S3;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <content>Whole databases: sessions side by side, one staging area for all of them.</content>
internal sealed partial class RedshiftTarget
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private RedshiftTarget? _parent;

    public ImmutableArray<string> SessionNotices => _session.Notices;

    private RedshiftTarget Root => _parent ?? this;

    private StagingArea Area => Root._area ?? throw new InvalidOperationException("The staging area is opened before the first table.");

    public IDatabaseTarget OpenSession() =>
        new RedshiftTarget(_context, new TargetConnection(_connector, Time), _session, Server, _keepsCase, _slices) { _parent = Root };

    public Task<IReadOnlyList<ImmutableArray<string?>>> QueryAsync(string title, string sql, CancellationToken ct) => GuardAsync(title, async () =>
    {
        var connection = _single ?? await _main.GetAliveAsync(_context.Reconnect, ct).ConfigureAwait(false);
        var rows = await TextRows.ReadAsync(connection, sql, ct).ConfigureAwait(false);
        return (IReadOnlyList<ImmutableArray<string?>>)[.. rows.Select(row => row.ToImmutableArray())];
    });

    public Task<IReadOnlyDictionary<QualifiedName, PostgresTable>> ReadTablesAsync(IEnumerable<QualifiedName> names, CancellationToken ct) => GuardAsync("fetch tables", async () =>
        (IReadOnlyDictionary<QualifiedName, PostgresTable>)await new RedshiftCatalog(await ConnectionAsync(ct).ConfigureAwait(false))
            .ReadTablesAsync(names, Server, _keepsCase, ct).ConfigureAwait(false));

    public Task<TargetSurvey> SurveyAsync(SurveyRequest request, CancellationToken ct) => GuardAsync("fetch target", async () =>
        await RedshiftSurvey.ReadAsync(await ConnectionAsync(ct).ConfigureAwait(false), request, Server, ct).ConfigureAwait(false));

    public ImmutableArray<string> DescribeLoads() =>
    [
        $"rows are checked, then staged as CSV in s3://{BucketName}{(Staging.KeepStagedFiles ? ", where they stay" : ", and deleted at the end")}",
        Staging.CopyPerBatch ? "one COPY for each batch, uploaded as one CSV file" : "one COPY for each table, of all its staged files; then ANALYZE",
    ];

    private string BucketName => Staging.Bucket ?? (_context.Environment("AWS_S3_BUCKET_NAME") is { Length: > 0 } name ? name : "pgloader");

    private async Task OpenAreaAsync(CancellationToken ct)
    {
        await Root._opening.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            Root._area ??= await StagingArea.OpenAsync(Staging, _context.Environment, Logger, Time, ct).ConfigureAwait(false);
        }
        finally
        {
            Root._opening.Release();
        }
    }
}

using Sluice.Runs;

namespace Sluice.ServerTests.Targets.Redshift;

public sealed class RedshiftLoadConformanceTests(RedshiftServers servers) : LoadConformance
{
    protected override async Task<ILoadTarget> OpenAsync(CancellationToken ct) => new Target(await servers.OpenAsync(ct));

    private sealed class Target(RedshiftCase load) : ILoadTarget
    {
        public string Table => load.Table;

        public string Everything => load.Everything;

        public string Rejects => load.Rejects("dat");

        public Task ExecuteAsync(string sql, CancellationToken ct) => load.ExecuteAsync(sql, ct);

        public Task<RunResult> LoadAsync(string csv, string options, string columns, string clauses, CancellationToken ct) =>
            load.With("data.csv", csv).LoadAsync(options, ct, clauses, columns);

        public async Task<IReadOnlyList<string[]>> RowsAsync(string columns, CancellationToken ct)
        {
            await using var connection = await load.OpenAsync(ct);
            return await TargetRows.ReadAsync(connection, $"SELECT {columns} FROM {Table} ORDER BY 1", ct);
        }

        public async ValueTask DisposeAsync()
        {
            Assert.Empty(await load.StagedAsync(TestContext.Current.CancellationToken));
            load.Dispose();
        }
    }
}

using System.Globalization;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Targets.Postgres;

public sealed class PostgresConformanceTests(PostgresConformanceTests.Place place) : TargetConformance, IClassFixture<PostgresConformanceTests.Place>
{
    protected override Task<TargetSite> OpenAsync(CancellationToken ct) => place.OpenAsync(ct);

    /// <summary>A database for all tests of the class.</summary>
    public sealed class Place(PostgresServer server) : IAsyncDisposable
    {
        private TestDatabase? _database;
        private int _tables;

        public async Task<TargetSite> OpenAsync(CancellationToken ct)
        {
            if (_database is null)
            {
                _database = await server.CreateDatabaseAsync();
                await _database.ExecuteAsync($"ALTER DATABASE {_database.Name} SET timezone TO 'UTC'", ct);
            }

            return new TargetSite(new TargetSiteSettings
            {
                Uri = _database.Uri,
                Table = string.Create(CultureInfo.InvariantCulture, $"conforming_{++_tables}"),
                OpenAsync = _database.OpenAsync,
                CloseAsync = () => ValueTask.CompletedTask,
            });
        }

        public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}

using System.Text;
using Sluice.Plans;
using Sluice.Runs;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Targets.Postgres;

public sealed class PostgresLoadConformanceTests(PostgresServer server) : LoadConformance
{
    protected override async Task<ILoadTarget> OpenAsync(CancellationToken ct)
    {
        var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync($"ALTER DATABASE {database.Name} SET timezone TO 'UTC'", ct);
        return new Target(database);
    }

    private sealed class Target(TestDatabase database) : ILoadTarget
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("sluice-conformance-").FullName;
        private readonly RecordingLogger _logger = new();

        public string Table => "conforming";

        public string Everything => string.Join('\n', _logger.Lines);

        public string Rejects => Directory.Exists(Path.Combine(_folder, "root"))
            ? string.Concat(Directory.GetFiles(Path.Combine(_folder, "root"), "*.dat", SearchOption.AllDirectories).Select(File.ReadAllText))
            : "";

        public Task ExecuteAsync(string sql, CancellationToken ct) => database.ExecuteAsync(sql, ct);

        public async Task<RunResult> LoadAsync(string csv, string options, string columns, string clauses, CancellationToken ct)
        {
            await File.WriteAllBytesAsync(Path.Combine(_folder, "data.csv"), Encoding.UTF8.GetBytes(csv), ct);
            var command = $"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE {Table} {columns} WITH fields terminated by ','{(options.Length > 0 ? ", " + options : "")} {clauses};";
            var spec = Assert.Single(new CommandReader(_ => null).ReadText("test.load", command, _folder));
            return await new Runner().RunAsync(
                spec,
                new RunProgress(TimeProvider.System),
                new RunOptions { RootDirectory = Path.Combine(_folder, "root"), Logger = _logger, Environment = _ => null, OpenStandardInput = () => Stream.Null, Time = TimeProvider.System },
                ct);
        }

        public async Task<IReadOnlyList<string[]>> RowsAsync(string columns, CancellationToken ct)
        {
            await using var connection = await database.OpenAsync(ct);
            return await TargetRows.ReadAsync(connection, $"SELECT {columns} FROM {Table} ORDER BY 1", ct);
        }

        public async ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            await database.DisposeAsync();
        }
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Plans;
using Sluice.ServerTests.Servers;
using Sluice.Targets;

namespace Sluice.ServerTests.Targets.Postgres;

public sealed class PostgresConformanceTests(PostgresServer server) : TargetConformance(server)
{
    protected override Task<ITarget> OpenAsync(TestDatabase database, CancellationToken ct)
    {
        var spec = new CommandReader(_ => null).ReadText("x.load", $"LOAD CSV FROM x.csv INTO {database.Uri} TARGET TABLE t", Path.GetTempPath())[0];
        return TargetRegistry.Resolve(spec, _ => null, TimeSpan.FromSeconds(20), NullLogger.Instance, TimeProvider.System).ConnectAsync(ct);
    }
}

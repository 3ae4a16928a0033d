using System.Runtime.Versioning;
using Sluice.ServerTests.Servers;
using Sluice.ServerTests.Targets.Redshift;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(RedshiftServers))]
[assembly: AssemblyFixture(typeof(MySqlServer))]
[assembly: UnsupportedOSPlatform("windows")]

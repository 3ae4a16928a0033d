using System.Runtime.Versioning;
using Sluice.ServerTests.Servers;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: UnsupportedOSPlatform("windows")]

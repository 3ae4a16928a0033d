namespace Sluice.ServerTests.Servers;

/// <summary>A PostgreSQL of the newest version that a package gives, beside the one that all tests share.</summary>
public sealed class NewestPostgresServer() : PostgresServer("SLUICE_NEWEST_POSTGRES_BIN");

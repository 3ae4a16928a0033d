using RedshiftLocal.Catalog;

namespace RedshiftLocal.Tests.Catalog;

public sealed class BootstrapperTests(CatalogServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        var database = await server.CreateBareDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(null, Ct);
        await Bootstrapper.ApplyAsync(session, Ct);
        var before = await CatalogDatabase.RowsAsync(session, "SELECT oid, xmin FROM pg_catalog.pg_class WHERE relname LIKE 'stl_%'", Ct);

        await Bootstrapper.ApplyAsync(session, Ct);

        Assert.Equal(before, await CatalogDatabase.RowsAsync(session, "SELECT oid, xmin FROM pg_catalog.pg_class WHERE relname LIKE 'stl_%'", Ct));
    }

    [Fact]
    public async Task Scripts_that_differ_are_run_again_over_data_of_the_same_version()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(null, Ct);
        await session.QueryAsync(
            """
            CREATE TABLE public.t (s rs_catalog.super, b rs_catalog.varbyte(3));
            CREATE VIEW public.v AS SELECT rs_catalog.version();
            UPDATE rs_internal.catalog_version SET fingerprint = 'other'
            """,
            Ct);

        await Bootstrapper.ApplyAsync(session, Ct);

        Assert.NotEqual(["other"], await CatalogDatabase.RowsAsync(session, "SELECT fingerprint FROM rs_internal.catalog_version", Ct));
    }

    [Fact]
    public async Task A_newer_data_folder_is_refused_with_what_to_do()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(null, Ct);
        await session.QueryAsync("UPDATE rs_internal.catalog_version SET version = 99", Ct);

        var exception = await Assert.ThrowsAsync<CatalogVersionException>(() => Bootstrapper.ApplyAsync(session, Ct));

        Assert.Equal(99, exception.Found);
        Assert.Equal(
            "The data folder was made by another version of redshift-local: its catalog has version 99, this program makes version 1. " +
            "Use the version that made it, or an empty folder with --data.",
            exception.Message);
    }

    [Fact]
    public async Task An_old_data_folder_that_cannot_be_upgraded_is_refused_and_left_as_it_was()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(null, Ct);
        await session.QueryAsync(
            """
            UPDATE rs_internal.catalog_version SET version = 0;
            DROP VIEW rs_catalog.stl_replacements;
            CREATE VIEW rs_catalog.stl_replacements AS SELECT 1 AS other
            """,
            Ct);

        var exception = await Assert.ThrowsAsync<CatalogVersionException>(() => Bootstrapper.ApplyAsync(session, Ct));

        Assert.Contains("its catalog has version 0, this program makes version 1 and cannot upgrade it (cannot change name of view column", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["0"], await CatalogDatabase.RowsAsync(session, "SELECT version FROM rs_internal.catalog_version", Ct));
    }

    [Fact]
    public void Every_script_says_what_it_gives()
    {
        Assert.All(Bootstrapper.Scripts(), script => Assert.StartsWith("-- ", script.Sql, StringComparison.Ordinal));
        Assert.Equal("010-schemas.sql", Bootstrapper.Scripts()[0].Name);
        Assert.Equal("990-rights.sql", Bootstrapper.Scripts()[^1].Name);
    }
}

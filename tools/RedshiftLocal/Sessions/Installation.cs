using RedshiftLocal.Backing;
using RedshiftLocal.Catalog;
using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Sessions;

/// <summary>Makes a started PostgreSQL into this server's own: groups, the master user, databases.</summary>
internal sealed class Installation(PrivatePostgres postgres, RedshiftLocalOptions options)
{
    public async Task PrepareAsync(CancellationToken ct)
    {
        // Databases that clients make are copies of template1, which therefore has the catalog first.
        await ApplyCatalogAsync("template1", ct);
        await using var session = await postgres.ConnectAsync(PrivatePostgres.Superuser, PrivatePostgres.MaintenanceDatabase, ct);
        await MakeMasterUserAsync(session, ct);
        await MakeDatabaseAsync(session, ct);
        var others = await session.QueryAsync(
            $"select datname from pg_database where datallowconn and datname not in ('template1', {SqlText.Literal(PrivatePostgres.MaintenanceDatabase)})", ct);
        foreach (var row in others.Rows)
        {
            await ApplyCatalogAsync(row[0]!, ct);
        }
    }

    private async Task ApplyCatalogAsync(string database, CancellationToken ct)
    {
        await using var session = await postgres.ConnectAsync(PrivatePostgres.Superuser, database, ct);
        try
        {
            await Bootstrapper.ApplyAsync(session, ct);
        }
        catch (CatalogVersionException exception)
        {
            throw new StartException(exception.Message, exception);
        }
    }

    private async Task MakeMasterUserAsync(BackingConnection session, CancellationToken ct)
    {
        if (options.User is PrivatePostgres.Superuser or "rs_superuser" || options.User.StartsWith("pg_", StringComparison.Ordinal))
        {
            throw new StartException($"The master user cannot be called {options.User}: choose another name with --user");
        }

        var name = SqlText.Name(options.User);
        if (!await ExistsAsync(session, "pg_roles where rolname", options.User, ct))
        {
            if (options.Password is null)
            {
                throw new StartException($"The user {options.User} does not exist in this data folder yet: give its password with --password");
            }

            await session.QueryAsync($"create role {name} login createdb createrole; grant rs_superuser to {name} with admin option", ct);
        }

        if (options.Password is not null)
        {
            var stored = StoredPassword.FromLiteral(options.User, options.Password).Format();
            await session.QueryAsync($"alter role {name} password {SqlText.Literal(stored)}", ct);
        }
    }

    private async Task MakeDatabaseAsync(BackingConnection session, CancellationToken ct)
    {
        if (options.Database is PrivatePostgres.MaintenanceDatabase or "template0" or "template1")
        {
            throw new StartException($"The database cannot be called {options.Database}: choose another name with --database");
        }

        if (!await ExistsAsync(session, "pg_database where datname", options.Database, ct))
        {
            await session.QueryAsync($"create database {SqlText.Name(options.Database)} owner {SqlText.Name(options.User)}", ct);
        }
    }

    private static async Task<bool> ExistsAsync(BackingConnection session, string where, string value, CancellationToken ct) =>
        (await session.QueryAsync($"select 1 from {where} = {SqlText.Literal(value)}", ct)).Rows.Count > 0;
}

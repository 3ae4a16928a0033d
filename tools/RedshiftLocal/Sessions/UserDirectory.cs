using System.Globalization;
using RedshiftLocal.Backing;
using RedshiftLocal.Protocol;
using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Sessions;

/// <summary>Looks up users and databases by a connection of its own.</summary>
internal sealed class UserDirectory(PrivatePostgres postgres) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private BackingConnection? _connection;

    public async Task<UserRecord?> FindUserAsync(string name, CancellationToken ct)
    {
        var rows = await QueryAsync(
            $"""
            select oid, rolpassword, coalesce(rolvaliduntil <= now(), false), rolconnlimit,
                   (select count(*) from pg_stat_activity a where a.usesysid = r.oid and a.backend_type = 'client backend'),
                   coalesce((select true from pg_auth_members m join pg_roles g on g.oid = m.roleid where g.rolname = 'rs_superuser' and m.member = r.oid), false)
            from pg_authid r where rolcanlogin and not rolsuper and rolname = {SqlText.Literal(name)}
            """,
            ct);
        if (rows.Count == 0)
        {
            return null;
        }

        var row = rows[0];
        return new UserRecord(
            name,
            uint.Parse(row[0]!, CultureInfo.InvariantCulture),
            StoredPassword.Parse(row[1]),
            row[2] == "t",
            row[5] == "t",
            int.Parse(row[3]!, CultureInfo.InvariantCulture),
            int.Parse(row[4]!, CultureInfo.InvariantCulture));
    }

    public async Task<bool> DatabaseExistsAsync(string name, CancellationToken ct) =>
        name != PrivatePostgres.MaintenanceDatabase &&
        (await QueryAsync($"select 1 from pg_database where datallowconn and not datistemplate and datname = {SqlText.Literal(name)}", ct)).Count > 0;

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _turn.Dispose();
    }

    private async Task<IReadOnlyList<string?[]>> QueryAsync(string sql, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            _connection ??= await postgres.ConnectAsync(PrivatePostgres.Superuser, PrivatePostgres.MaintenanceDatabase, CancellationToken.None);
            return (await _connection.QueryAsync(sql, CancellationToken.None)).Rows;
        }
        catch (ServerException exception) when (exception.Error.Severity == "FATAL" && _connection is not null)
        {
            await _connection.DisposeAsync();
            _connection = null;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }
}

/// <summary>A user as the private PostgreSQL knows it. A connection limit of -1 is none.</summary>
internal sealed record UserRecord(
    string Name, uint Id, StoredPassword? Password, bool IsExpired, bool IsSuperuser, int ConnectionLimit, int Connections);

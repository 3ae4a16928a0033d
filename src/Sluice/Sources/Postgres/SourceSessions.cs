using Npgsql;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Sources.Postgres;

/// <summary>The sessions that read a database, all in one snapshot: the first exports it, the others import it.</summary>
internal sealed class SourceSessions : IAsyncDisposable
{
    private const int OldestMajor = 10;
    private const int LockAttempts = 5;
    private const string Begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    // As many names as one statement may well have.
    private const int LockedTogether = 500;

    private readonly PostgresConnector _connector;
    private readonly List<NpgsqlConnection> _sessions = [];

    private SourceSessions(PostgresConnector connector) => _connector = connector;

    /// <summary>The one that began, and holds the locks.</summary>
    public NpgsqlConnection Leader => _sessions[0];

    public int Count => _sessions.Count;

    public int MajorVersion { get; private set; }

    public bool IsStandby { get; private set; }

    /// <summary>Of the database, as the server calls it.</summary>
    public string Encoding { get; private set; } = "UTF8";

    /// <summary>The database keeps the bytes that it was given, whatever they are.</summary>
    public bool KeepsBytes => Encoding == "SQL_ASCII";

    /// <summary>The server, for messages.</summary>
    public string Display => _connector.Settings.ToString();

    /// <param name="connector">Is taken over.</param>
    /// <param name="count">How many sessions are wanted.</param>
    /// <param name="chooseAsync">The tables to hold against changes of their definition, found out before the snapshot is taken.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SourceException">The server cannot be read.</exception>
    public static async Task<SourceSessions> OpenAsync(
        PostgresConnector connector, int count, Func<NpgsqlConnection, Task<IReadOnlyList<QualifiedName>>> chooseAsync, CancellationToken ct)
    {
        var sessions = new SourceSessions(connector);
        try
        {
            await sessions.BeginAsync(count, chooseAsync, ct).ConfigureAwait(false);
            return sessions;
        }
        catch
        {
            await sessions.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public NpgsqlConnection Reader(int reader) => _sessions[reader];

    /// <summary>Turns the driver's errors into a source's.</summary>
    /// <exception cref="SourceException">The action failed on the server or on the way to it.</exception>
    public async Task<T> GuardAsync<T>(string doing, Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException { InnerException: NpgsqlException })
        {
            throw Fault(doing, e);
        }
    }

    public SourceException Fault(string doing, Exception e) => new(
        $"The source {Display}, {doing}: {ServerText.Describe(e)}",
        ServerError.Classify(e) == ServerErrorKind.ConnectionLost
            ? "the connection, and with it the point in time, is gone: load again"
            : e is PostgresException { SqlState: SqlStates.InsufficientPrivilege }
                ? "grant the role SELECT (and USAGE on the schema), or leave the table out with EXCLUDING TABLE NAMES"
                : ServerText.Hint(e),
        e);

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }

        await _connector.DisposeAsync().ConfigureAwait(false);
    }

    private async Task BeginAsync(int count, Func<NpgsqlConnection, Task<IReadOnlyList<QualifiedName>>> chooseAsync, CancellationToken ct)
    {
        var leader = await OpenAsync(ct).ConfigureAwait(false);
        await GuardAsync("its tables", async () =>
        {
            await LockAsync(leader, chooseAsync, ct).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        if (count == 1)
        {
            return;
        }

        if (await TryExportAsync(leader, ct).ConfigureAwait(false) is not { } snapshot)
        {
            await GuardAsync("its tables", async () =>
            {
                await ExecuteAsync(leader, "ROLLBACK", ct).ConfigureAwait(false);
                await LockAsync(leader, chooseAsync, ct).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            return;
        }

        for (var i = 1; i < count; i++)
        {
            await AddAsync(snapshot, ct).ConfigureAwait(false);
        }
    }

    // Locks come before the snapshot: what it shows cannot have been truncated or altered in between.
    private static async Task LockAsync(NpgsqlConnection leader, Func<NpgsqlConnection, Task<IReadOnlyList<QualifiedName>>> chooseAsync, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var tables = await chooseAsync(leader).ConfigureAwait(false);
            await ExecuteAsync(leader, Begin, ct).ConfigureAwait(false);
            try
            {
                foreach (var some in tables.Chunk(LockedTogether))
                {
                    await ExecuteAsync(leader, $"LOCK TABLE {string.Join(", ", some.Select(table => $"ONLY {Identifier.Quote(table)}"))} IN ACCESS SHARE MODE", ct).ConfigureAwait(false);
                }

                return;
            }
            catch (PostgresException e) when (e.SqlState is SqlStates.UndefinedTable or SqlStates.UndefinedSchema && attempt < LockAttempts)
            {
                // Dropped or renamed since they were chosen.
                await ExecuteAsync(leader, "ROLLBACK", ct).ConfigureAwait(false);
            }
        }
    }

    // Null where the server cannot: then one session reads all.
    private static async Task<string?> TryExportAsync(NpgsqlConnection leader, CancellationToken ct)
    {
        try
        {
            using var command = new NpgsqlCommand("SELECT pg_catalog.pg_export_snapshot()", leader);
            return await command.ExecuteScalarAsync(ct).ConfigureAwait(false) as string;
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    // A server without room for one more, or another server behind the same address: fewer sessions, still one point in time.
    private async Task AddAsync(string snapshot, CancellationToken ct)
    {
        NpgsqlConnection connection;
        try
        {
            connection = await OpenAsync(ct).ConfigureAwait(false);
        }
        catch (SourceException)
        {
            return;
        }

        try
        {
            await ExecuteAsync(connection, Begin, ct).ConfigureAwait(false);
            await ExecuteAsync(connection, $"SET TRANSACTION SNAPSHOT {Identifier.Literal(snapshot)}", ct).ConfigureAwait(false);
        }
        catch (PostgresException)
        {
            _sessions.Remove(connection);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        NpgsqlConnection connection;
        try
        {
            connection = await _connector.OpenAsync(ct).ConfigureAwait(false);
        }
        catch (TargetException e)
        {
            throw new SourceException($"The source: {e.Message}", e.Hint, e);
        }

        _sessions.Add(connection);
        MajorVersion = connection.PostgreSqlVersion.Major;
        if (MajorVersion < OldestMajor)
        {
            throw new SourceException(
                $"The source {Display} is PostgreSQL {Printable.Escape(connection.ServerVersion)}: databases are read from PostgreSQL {OldestMajor} on",
                "dump it with pg_dump and restore it into a newer server first");
        }

        return await GuardAsync("its settings", async () =>
        {
            await ExecuteAsync(connection, SqlText.Read("source_session.sql"), ct).ConfigureAwait(false);
            using var ask = new NpgsqlCommand("SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('server_encoding')", connection);
            var answer = await ask.ExecuteReaderAsync(ct).ConfigureAwait(false);
            await using var closing = answer.ConfigureAwait(false);
            await answer.ReadAsync(ct).ConfigureAwait(false);
            (IsStandby, Encoding) = (answer.GetBoolean(0), answer.GetString(1));
            return connection;
        }).ConfigureAwait(false);
    }
}

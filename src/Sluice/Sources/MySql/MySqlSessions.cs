using MySqlConnector;
using Sluice.Diagnostics;

namespace Sluice.Sources.MySql;

/// <summary>
/// The sessions that read a database, each in a snapshot of its own, all of the same moment: they begin while nobody can write, or are found
/// to have begun at the same position of the binary log.
/// </summary>
internal sealed class MySqlSessions : IAsyncDisposable
{
    private const string Begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
    private const int Attempts = 20;
    private const int MostReopened = 3;

    // So long others may keep the lock from being had; while it is waited for, nobody can write.
    private const int LockSeconds = 5;

    private readonly MySqlOpener _opener;
    private readonly List<MySqlConnection> _sessions = [];
    private readonly List<int> _reopened = [];
    private string? _position;
    private bool _mustStayConsistent;

    private MySqlSessions(MySqlOpener opener) => _opener = opener;

    /// <summary>For the catalog; it reads rows too.</summary>
    public MySqlConnection Leader => _sessions[0];

    public int Count => _sessions.Count;

    public MySqlServer Server { get; private set; } = new(false, new Version(), "");

    public MySqlSettings Settings => _opener.Settings;

    public bool IsUtc => _opener.IsUtc;

    /// <summary>What can be said about the point in time.</summary>
    public string Consistency { get; private set; } = "";

    public bool IsConsistent { get; private set; }

    /// <param name="opener">Knows the server.</param>
    /// <param name="count">How many sessions are wanted; there may be fewer.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SourceException">The server cannot be read.</exception>
    public static async Task<MySqlSessions> OpenAsync(MySqlOpener opener, int count, CancellationToken ct)
    {
        var sessions = new MySqlSessions(opener);
        try
        {
            await sessions.BeginAsync(count, ct).ConfigureAwait(false);
            return sessions;
        }
        catch
        {
            await sessions.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public MySqlConnection Reader(int reader) => _sessions[reader];

    /// <summary>From here on a session that is lost is not replaced by one of a later moment.</summary>
    public void RequireConsistent() => _mustStayConsistent = true;

    /// <summary>
    /// A new session in place of one that was lost. False: it may see a later moment than the others do. Null: there is none, or none may be.
    /// </summary>
    public async Task<bool?> ReopenAsync(int reader, CancellationToken ct)
    {
        if (_reopened[reader]++ >= MostReopened)
        {
            return null;
        }

        await _sessions[reader].DisposeAsync().ConfigureAwait(false);
        try
        {
            var connection = await _opener.OpenAsync(ct).ConfigureAwait(false);
            _sessions[reader] = connection;
            var before = Server.IsMariaDb ? null : await PositionAsync(connection, ct).ConfigureAwait(false);
            await BeginAsync(connection, ct).ConfigureAwait(false);
            var position = await PositionAsync(connection, ct).ConfigureAwait(false);
            var isSame = _position is not null && position == _position && (Server.IsMariaDb || before == position);
            return isSame || !_mustStayConsistent ? isSame : null;
        }
        catch (Exception e) when (e is SourceException or MySqlException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Turns the driver's errors into a source's.</summary>
    /// <exception cref="SourceException">The action failed on the server or on the way to it.</exception>
    public async Task<T> GuardAsync<T>(string doing, Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is MySqlException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw MySqlFailure.OfReading(Settings, doing, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static Task BeginAsync(MySqlConnection connection, CancellationToken ct) =>
        MySqlOpener.ExecuteAsync(connection, $"SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; {Begin}", ct);

    private async Task BeginAsync(int count, CancellationToken ct)
    {
        var leader = await _opener.OpenAsync(ct).ConfigureAwait(false);
        Add(leader);
        Server = MySqlServer.Parse(leader.ServerVersion);
        if (Server.IsTooOld)
        {
            throw new SourceException(
                $"The source {Printable.Escape(Settings.ToString())} is {Server.Name}: databases are read from MySQL 5.7 and MariaDB 10.2 on", "upgrade it, or restore a dump of it into a newer server first");
        }

        await AddReadersAsync(count, ct).ConfigureAwait(false);
        await GuardAsync("its point in time", async () =>
        {
            await BeginTogetherAsync(ct).ConfigureAwait(false);
            await NameWeakTablesAsync(ct).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    // A server without room for one more: fewer sessions.
    private async Task AddReadersAsync(int count, CancellationToken ct)
    {
        while (Count < count)
        {
            try
            {
                Add(await _opener.OpenAsync(ct).ConfigureAwait(false));
            }
            catch (SourceException)
            {
                return;
            }
        }
    }

    private void Add(MySqlConnection connection)
    {
        _sessions.Add(connection);
        _reopened.Add(0);
    }

    private async Task BeginTogetherAsync(CancellationToken ct)
    {
        var readers = FormattableString.Invariant($"{Count} readers");
        if (Count == 1)
        {
            await BeginAsync(Leader, ct).ConfigureAwait(false);
            _position = await PositionAsync(Leader, ct).ConfigureAwait(false);
            (IsConsistent, Consistency) = (true, "one point in time: one reader, one transaction");
        }
        else if (await TryLockAsync(ct).ConfigureAwait(false))
        {
            try
            {
                await BeginAllAsync(ct).ConfigureAwait(false);
                _position = await PositionAsync(Leader, ct).ConfigureAwait(false);
            }
            finally
            {
                await MySqlOpener.ExecuteAsync(Leader, "UNLOCK TABLES", CancellationToken.None).ConfigureAwait(false);
            }

            (IsConsistent, Consistency) = (true, $"one point in time: {readers} began while no one could write");
        }
        else if (await TryBeginAtOnePositionAsync(ct).ConfigureAwait(false) is { } found)
        {
            (IsConsistent, Consistency) = (true, $"one point in time: {readers} began at the same {found}");
        }
        else
        {
            (IsConsistent, Consistency) = (false, $"{readers}, each at a point in time of its own (no right to FLUSH TABLES WITH READ LOCK, and no position of the binary log to compare; workers = 1 reads all at one)");
        }
    }

    // Who may not lock, or would have to wait too long for it, does without.
    private async Task<bool> TryLockAsync(CancellationToken ct)
    {
        try
        {
            await MySqlOpener.ExecuteAsync(Leader, FormattableString.Invariant($"SET SESSION lock_wait_timeout = {LockSeconds}"), ct).ConfigureAwait(false);
            await MySqlOpener.ExecuteAsync(Leader, "FLUSH TABLES WITH READ LOCK", ct).ConfigureAwait(false);
            return true;
        }
        catch (MySqlException e) when (!MySqlFailure.IsConnectionLost(e))
        {
            return false;
        }
        finally
        {
            await MySqlOpener.ExecuteAsync(Leader, "SET SESSION lock_wait_timeout = DEFAULT", ct).ConfigureAwait(false);
        }
    }

    private async Task BeginAllAsync(CancellationToken ct)
    {
        foreach (var session in _sessions)
        {
            await BeginAsync(session, ct).ConfigureAwait(false);
        }
    }

    // Null: the server does not say where it stands, or never stood still while the readers began.
    private async Task<string?> TryBeginAtOnePositionAsync(CancellationToken ct)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = Server.IsMariaDb ? null : await PositionAsync(Leader, ct).ConfigureAwait(false);
            await BeginAllAsync(ct).ConfigureAwait(false);
            _position = await PositionAsync(Leader, ct).ConfigureAwait(false);
            if (_position is null)
            {
                return null;
            }

            if (Server.IsMariaDb ? await AreAllAtAsync(_position, ct).ConfigureAwait(false) : before == _position)
            {
                return Server.IsMariaDb ? "position of the binary log" : "position of the binary log, or set of GTIDs";
            }
        }

        _position = null;
        return null;
    }

    private async Task<bool> AreAllAtAsync(string position, CancellationToken ct)
    {
        foreach (var session in _sessions.Skip(1))
        {
            if (await PositionAsync(session, ct).ConfigureAwait(false) != position)
            {
                return false;
            }
        }

        return true;
    }

    // MariaDB keeps the position that a snapshot was taken at; MySQL says where it stands now. Null without a binary log, or the right to ask.
    private async Task<string?> PositionAsync(MySqlConnection connection, CancellationToken ct)
    {
        var questions = Server.IsMariaDb ? new[] { "SHOW STATUS LIKE 'binlog_snapshot_%'" } : ["SELECT @@GLOBAL.gtid_executed, @@GLOBAL.gtid_mode", "SHOW BINARY LOG STATUS", "SHOW MASTER STATUS"];
        var answers = new List<string>();
        foreach (var question in questions)
        {
            try
            {
                answers.AddRange(await AskAsync(connection, question, ct).ConfigureAwait(false));
            }
            catch (MySqlException e) when (!MySqlFailure.IsConnectionLost(e))
            {
                // Not allowed, or under another name.
            }
        }

        // Without GTIDs the first answer says nothing.
        var position = string.Join('|', answers.Where(answer => answer.Any(char.IsAsciiDigit)));
        return Server.IsMariaDb && !position.Contains("binlog_snapshot_file:", StringComparison.OrdinalIgnoreCase) || position.Length == 0 ? null : position;
    }

    private static async Task<IReadOnlyList<string>> AskAsync(MySqlConnection connection, string question, CancellationToken ct)
    {
        using var command = connection.CreateCommand();
        command.CommandText = question;
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        var rows = new List<string>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var fields = Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture) ?? "").ToArray();
            if (fields.Length != 2 || fields[1].Length > 0)
            {
                rows.Add(string.Join(':', fields));
            }
        }

        return rows;
    }

    // A snapshot shows the rows of these as they are when they are read.
    private async Task NameWeakTablesAsync(CancellationToken ct)
    {
        var weak = await AskAsync(
            Leader, "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND ENGINE NOT IN ('InnoDB', 'ROCKSDB', 'TokuDB') AND TABLE_TYPE LIKE 'BASE%' ORDER BY 1", ct).ConfigureAwait(false);
        if (weak.Count > 0)
        {
            IsConsistent = false;
            Consistency += $"; but {string.Join(", ", weak.Take(5).Select(Catalog.Identifier.Display))}{(weak.Count > 5 ? ", …" : "")}, not of InnoDB, as they are when they are read";
        }
    }
}

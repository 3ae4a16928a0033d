using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sluice.Sources.Sqlite;

/// <summary>The connections of a source, all at one point in time.</summary>
internal sealed class SqliteReaders : IDisposable
{
    private const int SnapshotAttempts = 20;

    private static readonly TimeSpan GuardPatience = TimeSpan.FromSeconds(2);

    private readonly List<sqlite3> _rows = [];

    private SqliteReaders(SqliteConnection schema) => Schema = schema;

    /// <summary>For the schema.</summary>
    public SqliteConnection Schema { get; }

    /// <summary>For rows, each by one thread at a time. A single one is that of the schema.</summary>
    public IReadOnlyList<sqlite3> Rows => _rows.Count > 0 ? _rows : [Schema.Handle!]; // open

    /// <summary>How they came to see the same.</summary>
    public string Consistency { get; private set; } = "";

    /// <param name="file">What is read.</param>
    /// <param name="count">How many are wanted; there may be fewer.</param>
    /// <param name="ct">Gives up waiting for others.</param>
    /// <exception cref="SqliteException">Not even one can read.</exception>
    public static SqliteReaders Open(SqliteFile file, int count, CancellationToken ct)
    {
        var readers = new SqliteReaders(file.Open());
        try
        {
            readers.Begin(file, count, ct);
            return readers;
        }
        catch
        {
            readers.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        CloseRows();
        Schema.Dispose();
    }

    private void Begin(SqliteFile file, int count, CancellationToken ct)
    {
        var schema = Schema.Handle!; // open
        file.Begin(schema, "BEGIN", null, ct);
        if (count > 1 && TryShareSnapshot(file, count, ct))
        {
            Consistency = "one point in time: the readers share a snapshot";
        }
        else if (count > 1 && TryBeginTogether(file, count, ct))
        {
            Consistency = "one point in time: the readers began while no one could write";
        }
        else
        {
            Consistency = "one point in time: one reader, one transaction" + (count > 1 ? " (the database cannot be locked for more)" : "");
        }
    }

    // With a write-ahead log a reader can begin where another one stands, whoever writes meanwhile: that one keeps the log from being overwritten,
    // unless all of the log was in the database when it began. Then, or while a checkpoint is on, it takes another one.
    // False where there is no log, or nothing in it. https://sqlite.org/c3ref/snapshot.html
    private bool TryShareSnapshot(SqliteFile file, int count, CancellationToken ct)
    {
        var schema = Schema.Handle!; // open
        for (var attempt = 1; raw.sqlite3_snapshot_get(schema, "main", out var snapshot) == raw.SQLITE_OK; attempt++)
        {
            using (snapshot)
            {
                if (TryBeginAt(snapshot, file, count, ct))
                {
                    return true;
                }
            }

            CloseRows();
            if (attempt == SnapshotAttempts)
            {
                return false;
            }

            _ = raw.sqlite3_exec(schema, "COMMIT");
            file.Begin(schema, "BEGIN", null, ct);
        }

        return false;
    }

    private bool TryBeginAt(sqlite3_snapshot snapshot, SqliteFile file, int count, CancellationToken ct)
    {
        for (var i = 0; i < count; i++)
        {
            var reader = file.OpenReader();
            _rows.Add(reader);

            // It has to have read once to know that there is a log.
            file.Begin(reader, "BEGIN", null, ct);
            _ = raw.sqlite3_exec(reader, "COMMIT; BEGIN");
            if (raw.sqlite3_snapshot_open(reader, "main", snapshot) != raw.SQLITE_OK)
            {
                return false;
            }
        }

        return true;
    }

    // Nobody can write while the readers begin. False: a write-protected file or folder, or a writer that does not let go.
    private bool TryBeginTogether(SqliteFile file, int count, CancellationToken ct)
    {
        using var guard = file.OpenReader();
        if (raw.sqlite3_db_readonly(guard, "main") != 0)
        {
            // Would begin all the same, and lock nothing.
            return false;
        }

        try
        {
            file.Begin(guard, "BEGIN IMMEDIATE", GuardPatience, ct);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_BUSY)
        {
            return false;
        }

        _ = raw.sqlite3_exec(Schema.Handle, "COMMIT");
        file.Begin(Schema.Handle!, "BEGIN", null, ct); // open
        for (var i = 0; i < count; i++)
        {
            var reader = file.OpenReader();
            _rows.Add(reader);
            file.Begin(reader, "BEGIN", null, ct);
        }

        return true;
    }

    private void CloseRows()
    {
        _rows.ForEach(reader => reader.Dispose());
        _rows.Clear();
    }
}

using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Diagnostics;
using SQLitePCL;

namespace Sluice.Sources.Sqlite;

/// <summary>Opens database files, and says in a user's words why one cannot be read.</summary>
/// <param name="path">Absolute.</param>
/// <param name="label">What a user knows it by.</param>
/// <param name="patience">How long others may keep it locked.</param>
internal sealed class SqliteFile(string path, string label, TimeSpan patience)
{
    private const int NoCheckpointOnClose = 1006;
    private const int HeaderBytes = 100;

    // Waiting is done in short steps, so that it can be given up.
    private const int BusyMilliseconds = 200;

    public string Label { get; } = label;

    private string Shown => Printable.Escape(Label);

    /// <summary>A connection for its schema, which changes nothing in the file.</summary>
    /// <exception cref="SourceException">The file cannot be opened.</exception>
    public SqliteConnection Open()
    {
        // ReadWrite takes what it gets: a write-protected file is opened for reading. Unlike ReadOnly it can use a write-ahead log.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ConnectionString);
        try
        {
            connection.Open();
            Prepare(connection.Handle!); // open
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Fault(e);
        }
    }

    /// <summary>The same for its rows: used by one thread at a time, so that nothing is locked for each value.</summary>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public sqlite3 OpenReader()
    {
        var result = raw.sqlite3_open_v2(path, out var reader, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null);
        try
        {
            SqliteException.ThrowExceptionForRC(result, reader);
            raw.sqlite3_extended_result_codes(reader, 1);
            Prepare(reader);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Begins a transaction, as soon as others let it.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="begin">What begins it.</param>
    /// <param name="most">The longest wait; null for the file's patience.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <exception cref="SqliteException">It cannot be read or locked.</exception>
    public void Begin(sqlite3 database, string begin, TimeSpan? most, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var result = raw.sqlite3_exec(database, begin);
            if (result == raw.SQLITE_OK)
            {
                // What is seen is settled by the first read, not by BEGIN.
                result = raw.sqlite3_exec(database, "SELECT count(*) FROM main.sqlite_schema");
            }

            if (result == raw.SQLITE_OK)
            {
                return;
            }

            var isBusy = (result & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;
            if (!isBusy || Stopwatch.GetElapsedTime(started) >= (most ?? patience))
            {
                SqliteException.ThrowExceptionForRC(result, database);
            }

            _ = raw.sqlite3_exec(database, "ROLLBACK");
        }
    }

    /// <summary>Looks at the file before SQLite does, whose own words would not help.</summary>
    /// <exception cref="SourceException">There is no such file, or it is no database.</exception>
    public void Check()
    {
        if (Directory.Exists(path))
        {
            throw new SourceException($"{Shown} is a folder, not a SQLite database");
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> header = stackalloc byte[HeaderBytes];
            var read = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
            if (read > 0 && (read < HeaderBytes || !header.StartsWith("SQLite format 3\0"u8)))
            {
                throw new SourceException(
                    $"{Shown} is not a SQLite database, or it is encrypted",
                    "decrypt it first (for example with sqlcipher_export), or say what it is with --type");
            }

            if (read > 0)
            {
                CheckLength(header, file.Length);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e is FileNotFoundException or DirectoryNotFoundException
                ? new SourceException($"The SQLite database {Shown} does not exist", "check the path; no file is created", e)
                : new SourceException($"The SQLite database {Shown} cannot be read: {e.Message}", inner: e);
        }
    }

    public SourceException Fault(SqliteException e, string? doing = null)
    {
        var name = Shown + (doing is null ? "" : $", {doing}");
        return e.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new SourceException(
                string.Create(CultureInfo.InvariantCulture, $"{name}: another program has kept the database locked for {patience.TotalSeconds:0.###} seconds"), "load again when it is done", e),
            raw.SQLITE_CORRUPT => new SourceException(
                $"{name}: the database is damaged: {Said(e)}", "see what sqlite3 can bring back of it with .recover", e),
            raw.SQLITE_NOTADB => new SourceException($"{name}: is not a SQLite database, or it is encrypted", "decrypt it first", e),
            _ => new SourceException($"{name}: {Said(e)}", inner: e),
        };
    }

    // The header knows how many pages there are, if the program that wrote last keeps it up to date.
    private void CheckLength(ReadOnlySpan<byte> header, long length)
    {
        var pageBytes = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        var pages = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        var isCurrent = header.Slice(24, 4).SequenceEqual(header.Slice(92, 4));
        var expected = pages * (pageBytes == 1 ? 65_536L : pageBytes);
        if (isCurrent && expected > length && !File.Exists(path + "-wal"))
        {
            throw new SourceException(
                $"The SQLite database {Shown} is cut off: it has {length} of its {expected} bytes", "copy it again from where it came from");
        }
    }

    private static void Prepare(sqlite3 database)
    {
        // The last to close would else write the log into the database.
        raw.sqlite3_db_config(database, NoCheckpointOnClose, 1, out _);
        raw.sqlite3_busy_timeout(database, BusyMilliseconds);
    }

    // "SQLite Error 11: 'database disk image is malformed'."
    private static string Said(SqliteException e)
    {
        var first = e.Message.IndexOf('\'', StringComparison.Ordinal);
        var last = e.Message.LastIndexOf('\'');
        return Printable.Escape(last > first && first >= 0 ? e.Message[(first + 1)..last] : e.Message);
    }
}

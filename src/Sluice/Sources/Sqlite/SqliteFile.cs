using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Sluice.Diagnostics;
using SQLitePCL;

namespace Sluice.Sources.Sqlite;

/// <summary>Opens database files, and says in a user's words why one cannot be read.</summary>
internal sealed class SqliteFile(string path)
{
    private const int NoCheckpointOnClose = 1006;
    private const int BusySeconds = 30;
    private const int HeaderBytes = 100;

    public string Path { get; } = path;

    /// <summary>A connection that changes nothing in the file.</summary>
    /// <param name="busySeconds">How long it waits for others to let go.</param>
    /// <exception cref="SourceException">The file cannot be opened.</exception>
    public SqliteConnection Open(int busySeconds = BusySeconds)
    {
        // ReadWrite takes what it gets: a write-protected file is opened for reading. Unlike ReadOnly it can use a write-ahead log.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = busySeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            // The last to close would else write the log into the database.
            raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);
            raw.sqlite3_busy_timeout(connection.Handle, busySeconds * 1000);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Fault(e);
        }
    }

    /// <summary>Looks at the file before SQLite does, whose own words would not help.</summary>
    /// <exception cref="SourceException">There is no such file, or it is no database.</exception>
    public void Check()
    {
        if (Directory.Exists(Path))
        {
            throw new SourceException($"{Printable.Escape(Path)} is a folder, not a SQLite database");
        }

        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> header = stackalloc byte[HeaderBytes];
            var read = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
            if (read > 0 && (read < HeaderBytes || !header.StartsWith("SQLite format 3\0"u8)))
            {
                throw new SourceException(
                    $"{Printable.Escape(Path)} is not a SQLite database, or it is encrypted",
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
                ? new SourceException($"The SQLite database {Printable.Escape(Path)} does not exist", "check the path; no file is created", e)
                : new SourceException($"The SQLite database {Printable.Escape(Path)} cannot be read: {e.Message}", inner: e);
        }
    }

    public SourceException Fault(SqliteException e, string? doing = null)
    {
        var name = Printable.Escape(Path) + (doing is null ? "" : $", {doing}");
        return e.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new SourceException(
                $"{name}: another program has kept the database locked for {BusySeconds} seconds", "load again when it is done", e),
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
        if (isCurrent && expected > length && !File.Exists(Path + "-wal"))
        {
            throw new SourceException(
                $"The SQLite database {Printable.Escape(Path)} is cut off: it has {length} of its {expected} bytes", "copy it again from where it came from");
        }
    }

    // "SQLite Error 11: 'database disk image is malformed'."
    private static string Said(SqliteException e)
    {
        var first = e.Message.IndexOf('\'', StringComparison.Ordinal);
        var last = e.Message.LastIndexOf('\'');
        return Printable.Escape(last > first && first >= 0 ? e.Message[(first + 1)..last] : e.Message);
    }
}

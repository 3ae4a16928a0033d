using System.Text.RegularExpressions;
using Npgsql;
using Sluice.Batches;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Batches;

/// <summary>Sends encoded rows through COPY and finds which of them the server refuses, and with which code.</summary>
internal static partial class CopyTrial
{
    /// <summary>A session for temporary tables only.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(PostgresServer server, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(server.Admin().ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    /// <summary>Loads what the server takes; returns SQLSTATE by index of the rows it refused.</summary>
    public static async Task<Dictionary<int, string>> LoadAsync(
        NpgsqlConnection connection, string table, bool isBinary, IReadOnlyList<byte[]> rows, CancellationToken ct)
    {
        var refused = new Dictionary<int, string>();
        var first = 0;
        while (first < rows.Count)
        {
            var failure = await TryCopyAsync(connection, table, isBinary, rows.Skip(first), ct);
            if (failure is null)
            {
                break;
            }

            var line = Line().Match(failure.Where ?? "");
            Assert.True(line.Success, $"no line in: {failure.MessageText} ({failure.Where})");
            var bad = first + int.Parse(line.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) - 1;
            if (bad > first)
            {
                var again = await TryCopyAsync(connection, table, isBinary, rows.Skip(first).Take(bad - first), ct);
                Assert.Null(again);
            }

            refused.Add(bad, failure.SqlState);
            first = bad + 1;
        }

        return refused;
    }

    private static async Task<PostgresException?> TryCopyAsync(
        NpgsqlConnection connection, string table, bool isBinary, IEnumerable<byte[]> rows, CancellationToken ct)
    {
        try
        {
            if (isBinary)
            {
                await using var stream = await connection.BeginRawBinaryCopyAsync($"COPY {table} FROM STDIN (FORMAT binary)", ct);
                await stream.WriteAsync(CopyBinaryFormat.Header, ct);
                await WriteAsync(stream, rows, ct);
                await stream.WriteAsync(CopyBinaryFormat.Trailer, ct);
            }
            else
            {
                await using var writer = await connection.BeginTextImportAsync($"COPY {table} FROM STDIN", ct);
                await WriteAsync(((StreamWriter)(TextWriter)writer).BaseStream, rows, ct);
            }

            return null;
        }
        catch (PostgresException refusal)
        {
            return refusal;
        }
    }

    private static async Task WriteAsync(Stream stream, IEnumerable<byte[]> rows, CancellationToken ct)
    {
        foreach (var row in rows)
        {
            await stream.WriteAsync(row, ct);
        }
    }

    /// <summary>The last one: the context of a JSON error has lines of its own.</summary>
    [GeneratedRegex(@"COPY [^\s,]+, line (\d+)", RegexOptions.RightToLeft)]
    private static partial Regex Line();
}

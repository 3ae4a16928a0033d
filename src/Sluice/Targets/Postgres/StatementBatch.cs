using Microsoft.Extensions.Logging;
using Npgsql;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Targets.Postgres;

/// <summary>Statements that are sent at once: all of them are done, or none.</summary>
internal static class StatementBatch
{
    /// <exception cref="TargetException">A statement failed.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, string title, string[] statements, ILogger logger, TimeProvider time, CancellationToken ct)
    {
        using var batch = new NpgsqlBatch(connection);
        foreach (var sql in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        }

        try
        {
            var started = time.GetTimestamp();
            await batch.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            var seconds = time.GetElapsedTime(started).TotalSeconds / Math.Max(1, statements.Length);
            foreach (var sql in statements)
            {
                Log.SqlExecuted(logger, title, SecretMask.RedactSql(sql), seconds);
            }
        }
        catch (PostgresException e)
        {
            throw Fault(title, new SqlStatement(e.BatchCommand?.CommandText ?? statements[0], null), e);
        }
    }

    /// <summary>What a user is told of a statement that failed.</summary>
    public static TargetException Fault(string title, SqlStatement statement, PostgresException e)
    {
        var where = statement.Origin is null ? "" : $" ({Printable.Escape(statement.Origin)})";
        var said = SecretMask.RedactSql(ServerText.Describe(e), statement.Sql);
        return new TargetException($"{title}{where}: {said} in: {Shorten(statement.Sql)}", ServerText.Hint(e), e);
    }

    private static string Shorten(string sql)
    {
        var line = Printable.Escape(string.Join(' ', SecretMask.RedactSql(sql).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return line.Length <= 200 ? line : line[..200] + "…";
    }
}

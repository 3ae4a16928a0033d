using System.Globalization;
using Npgsql;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Targets.Postgres;

/// <summary>COPY into one table over one open connection; the errors it throws are those of <see cref="ITableLoader"/>.</summary>
internal sealed class CopySession(NpgsqlConnection connection, TableLoadSettings target)
{
    private const string Savepoint = "sluice_rows";
    private const string Set = $"SAVEPOINT {Savepoint}";
    private const string Advance = $"RELEASE SAVEPOINT {Savepoint}; {Set}";

    // One savepoint moves along with the rows that are in: a round trip less for each piece.
    private bool _hasSavepoint;

    /// <summary>Rows inserted by what was sent and not refused; null where the server was not asked.</summary>
    public long? InsertedRows { get; private set; }

    /// <summary>A new transaction, or a new savepoint around what follows, has begun.</summary>
    public void Restart()
    {
        _hasSavepoint = false;
        InsertedRows = null;
    }

    public Task SendAsync(RowEncoding encoding, ReadOnlyMemory<byte> rows, CancellationToken ct) =>
        GuardAsync(target, () => CopyAsync(encoding, rows, ct));

    /// <summary>As <see cref="SendAsync"/>, but a refusal undoes only these rows.</summary>
    public Task SendGuardedAsync(RowEncoding encoding, ReadOnlyMemory<byte> rows, bool checkDeferred, CancellationToken ct) =>
        GuardAsync(target, async () =>
        {
            if (!_hasSavepoint)
            {
                await ExecuteAsync(checkDeferred ? $"SET CONSTRAINTS ALL IMMEDIATE; {Set}" : Set, ct).ConfigureAwait(false);
                _hasSavepoint = true;
            }

            var inserted = InsertedRows;
            try
            {
                await CopyAsync(encoding, rows, ct).ConfigureAwait(false);
                await ExecuteAsync(Advance, ct).ConfigureAwait(false);
            }
            catch (PostgresException e) when (ServerError.Classify(e) == ServerErrorKind.RowRefused)
            {
                InsertedRows = inserted;
                await ExecuteAsync($"ROLLBACK TO SAVEPOINT {Savepoint}", ct).ConfigureAwait(false);
                throw;
            }
        });

    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Turns the driver's errors into a loader's; what is left over fails the load.</summary>
    public static async Task GuardAsync(TableLoadSettings target, Func<Task> action)
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw ServerError.Classify(e) switch
            {
                ServerErrorKind.RowRefused when e is PostgresException refused => new RowsRefusedException(Refusal(target, refused), e),
                ServerErrorKind.RetryBatch => new BatchRetryException(ServerText.Describe(e), e),
                ServerErrorKind.ConnectionLost => new ConnectionLostException(ServerText.Describe(e), e),
                _ => new TargetException($"{target.Name}: {ServerText.Describe(e)}", ServerText.Hint(e), e),
            };
        }
    }

    private static ServerRefusal Refusal(TableLoadSettings target, PostgresException e)
    {
        var fault = CopyFault.Of(e, target.Name.Name, target.Columns);
        return new ServerRefusal
        {
            Row = fault.Line is > 0 and <= int.MaxValue ? (int)fault.Line - 1 : null,
            SqlState = e.SqlState,
            Message = e.MessageText,
            Detail = e.Detail,
            Column = fault.Column,
        };
    }

    private async Task CopyAsync(RowEncoding encoding, ReadOnlyMemory<byte> rows, CancellationToken ct)
    {
        var before = await CountAsync(ct).ConfigureAwait(false);
        var copy = await CopyStream.BeginAsync(connection, target.Name, target.Columns, encoding, ct).ConfigureAwait(false);
        await using (copy.ConfigureAwait(false))
        {
            await copy.WriteAsync(rows, ct).ConfigureAwait(false);
            await copy.CompleteAsync(ct).ConfigureAwait(false);
        }

        if (await CountAsync(ct).ConfigureAwait(false) - before is { } inserted)
        {
            InsertedRows = (InsertedRows ?? 0) + inserted;
        }
    }

    // The driver does not hand on the count that ends a COPY. The server's own statistics of this transaction have it, for the
    // partitions and the children that triggers route rows to, too.
    private async Task<long?> CountAsync(CancellationToken ct)
    {
        if (target.CountRowsOf is not { } oid)
        {
            return null;
        }

        using var command = new NpgsqlCommand(
            string.Create(CultureInfo.InvariantCulture, $"""
                WITH RECURSIVE t AS (SELECT {oid}::oid AS oid UNION SELECT i.inhrelid FROM t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
                SELECT pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_inserted(t.oid))::bigint FROM t
                 WHERE pg_catalog.current_setting('track_counts')::boolean
                """),
            connection);
        return await command.ExecuteScalarAsync(ct).ConfigureAwait(false) as long?;
    }
}

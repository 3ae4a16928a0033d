using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using Npgsql;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Locations.S3;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <summary>Runs COPYs into one table, one at a time, each in a transaction; and finds out what became of a lost one. Not thread-safe.</summary>
/// <remarks>
/// It throws the loaders' exceptions and <see cref="TargetException"/>, never the driver's: that one holds the statement, which may hold keys.
/// </remarks>
internal sealed class RedshiftCopyRunner(RedshiftTarget target, PostgresTable table)
{
    private NpgsqlConnection? _connection;
    private long? _rowsBefore;
    private string _source = "";
    private bool _isOpen;
    private bool _isCommitting;

    /// <summary>What the COPY of the open transaction loaded.</summary>
    public long Copied { get; private set; }

    /// <summary>The number under which the server's views tell of the last COPY; -1: none.</summary>
    public long CopyId { get; private set; }

    /// <summary>Begins a transaction (but in the single one) and runs the COPY. The answer is null when it was loaded, else why it was not.</summary>
    /// <param name="statement">What to run.</param>
    /// <param name="isTrial">The transaction will be rolled back.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ConnectionLostException">Nothing was loaded.</exception>
    /// <exception cref="BatchRetryException">Nothing was loaded; it may be tried again.</exception>
    public async Task<RedshiftFault?> CopyAsync(RedshiftCopyStatement statement, bool isTrial, CancellationToken ct)
    {
        await RollbackAsync().ConfigureAwait(false);
        var authorization = await target.AuthorizeAsync(ct).ConfigureAwait(false);
        _connection = await target.ConnectionAsync(ct).ConfigureAwait(false);
        target.EnsureKeysMayTravel(authorization, _connection);
        return await GuardAsync(authorization.Secrets, async () =>
        {
            Copied = 0;
            CopyId = -1;
            _source = statement.Source;
            _isCommitting = false;
            if (!target.IsSingle)
            {
                await ExecuteAsync("BEGIN", ct).ConfigureAwait(false);
                _isOpen = true;
            }

            _rowsBefore = isTrial || target.IsSingle || !table.MaySelect ? null : await CountAsync(_connection, ct).ConfigureAwait(false);
            var started = target.Time.GetTimestamp();
            var fault = await TryCopyAsync(statement, authorization, ct).ConfigureAwait(false);
            Log.SqlExecuted(target.Logger, "copy", statement.Redacted(authorization), target.Time.GetElapsedTime(started).TotalSeconds);
            if (fault is not null)
            {
                // Npgsql closes the connection at errors of class XX, which is what Redshift calls bad data: the COPY's number cannot be asked.
                await RollbackAsync().ConfigureAwait(false);
                return fault;
            }

            (CopyId, Copied) = await NumbersAsync("SELECT pg_last_copy_id(), pg_last_copy_count()", ct).ConfigureAwait(false);
            if (target.IsSingle)
            {
                target.LastCopy = (CopyId, statement.Source);
            }

            return null;
        }).ConfigureAwait(false);
    }

    /// <summary>Keeps what the open transaction loaded; in the single one that is left to its own commit.</summary>
    /// <exception cref="ConnectionLostException">Whether it was committed is to be looked up.</exception>
    public async Task CommitAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!_isOpen)
        {
            return;
        }

        await GuardAsync([], async () =>
        {
            // From here on the outcome is the server's: a request to stop comes too late.
            _isCommitting = true;
            await ExecuteAsync("COMMIT", CancellationToken.None).ConfigureAwait(false);
            _isOpen = false;
            return true;
        }).ConfigureAwait(false);
    }

    /// <summary>Undoes the open transaction; does nothing when there is none or the connection is gone.</summary>
    public async Task RollbackAsync()
    {
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        try
        {
            if (_connection is { State: ConnectionState.Open })
            {
                await ExecuteAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
                return;
            }
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            // It broke just now.
        }

        // A session that is gone has rolled back.
        await target.AbandonAsync().ConfigureAwait(false);
    }

    /// <summary>After a connection that was lost while a COPY was being committed: whether it was.</summary>
    /// <exception cref="TargetException">The outcome cannot be known.</exception>
    public async Task<bool> WasCommittedAsync(CancellationToken ct)
    {
        _isOpen = false;
        await target.AbandonAsync().ConfigureAwait(false);
        if (!_isCommitting)
        {
            // A session that ends before its commit is rolled back.
            return false;
        }

        if (Copied == 0)
        {
            return true;
        }

        var outcome = await new RedshiftOutcome(target).FindAsync(CopyId, _source, ct).ConfigureAwait(false);
        return outcome ?? throw new TargetException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The connection was lost while the COPY of {Copied} rows into {table.Name} was being committed, and what became of it cannot be known: ")
            + "the table holds all of these rows or none" + await CountsAsync(ct).ConfigureAwait(false),
            RedshiftOutcome.Advice(CopyId, _source));
    }

    public async ValueTask DisposeAsync() => await RollbackAsync().ConfigureAwait(false);

    private async Task<RedshiftFault?> TryCopyAsync(RedshiftCopyStatement statement, CopyAuthorization authorization, CancellationToken ct)
    {
        try
        {
            await ExecuteAsync(statement.Sql(authorization), ct).ConfigureAwait(false);
            return null;
        }
        catch (PostgresException e) when (RedshiftFault.Of(e, authorization.Secrets) is { Kind: ServerErrorKind.Fatal } fault)
        {
            return fault;
        }
    }

    // A hint for people, no proof.
    private async Task<string> CountsAsync(CancellationToken ct)
    {
        if (_rowsBefore is not { } before)
        {
            return "";
        }

        try
        {
            var after = await CountAsync(await target.LookUpConnectionAsync(ct).ConfigureAwait(false), ct).ConfigureAwait(false);
            return string.Create(CultureInfo.InvariantCulture, $". It had {before} rows before and has {after} now, which proves nothing if others write to it");
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TargetException)
        {
            return "";
        }
    }

    private async Task<long> CountAsync(NpgsqlConnection connection, CancellationToken ct) =>
        await TextRows.ReadAsync(connection, $"SELECT count(*) FROM {Identifier.Quote(table.Name)}", ct).ConfigureAwait(false) is [[{ } count]]
            ? long.Parse(count, CultureInfo.InvariantCulture)
            : 0;

    private async Task<(long Id, long Count)> NumbersAsync(string sql, CancellationToken ct) =>
        await TextRows.ReadAsync(_connection!, sql, ct).ConfigureAwait(false) is [[{ } id, { } count]] // within a transaction there is one
            ? (long.Parse(id, CultureInfo.InvariantCulture), long.Parse(count, CultureInfo.InvariantCulture))
            : (-1, -1);

    private Task ExecuteAsync(string sql, CancellationToken ct) => ExecuteAsync(_connection!, sql, ct); // as above

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    private async Task<T> GuardAsync<T>(ImmutableArray<string> secrets, Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException { InnerException: NpgsqlException })
        {
            var fault = RedshiftFault.Of(e, secrets);
            var isUnheard = _isCommitting && e is not PostgresException;
            throw (isUnheard ? ServerErrorKind.ConnectionLost : fault.Kind) switch
            {
                ServerErrorKind.ConnectionLost => new ConnectionLostException(fault.Text, new IOException(fault.Text)),
                ServerErrorKind.RetryBatch => new BatchRetryException(fault.Text, new InvalidDataException(fault.Text)),
                _ => fault.ToException($"Loading {table.Name} failed, nothing was loaded"),
            };
        }
    }
}

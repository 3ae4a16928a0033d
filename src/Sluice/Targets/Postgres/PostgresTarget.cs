using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Targets.Postgres;

/// <summary>PostgreSQL as a target: one connection for SQL and the first writer, one more for each further writer.</summary>
internal sealed class PostgresTarget : IDatabaseTarget
{
    private const string Replica = "SET LOCAL session_replication_role TO replica";

    private const int FirstWithGeneratedColumns = 120000;

    private readonly TargetContext _context;
    private readonly PostgresConnector _connector;
    private readonly TimeSpan _reconnect;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly TargetConnection _main;
    private readonly TransactionOutcomes _outcomes;
    private readonly bool _ownsConnector;
    private readonly SqlDialect? _clusterDialect;
    private NpgsqlTransaction? _single;

    private PostgresTarget(TargetContext context, TargetConnection connection, ServerInfo server, SqlDialect? clusterDialect, TransactionOutcomes outcomes, bool ownsConnector)
    {
        _clusterDialect = clusterDialect;
        _context = context;
        _ownsConnector = ownsConnector;
        _connector = context.Connector;
        _reconnect = context.Reconnect;
        _logger = context.Logger;
        _time = context.Time;
        _main = connection;
        _outcomes = outcomes;
        Server = server;
        Features = new TargetFeatures
        {
            ServerKind = clusterDialect is null ? Descriptor.Name : "Citus",
            Binary = true,
            Indexes = true,
            Triggers = true,
            TransactionalTruncate = true,
            BatchesAreFinal = true,
            EnforcedKeys = true,
            ExactSchemas = true,
            Storage = true,
            Sequences = true,
            Dialect = clusterDialect ?? SqlDialect.Postgres,
            GeneratedColumns = server.Version >= FirstWithGeneratedColumns,
            Distribution = clusterDialect is not null,
            DistributionInKeys = clusterDialect is not null,
        };
    }

    public static TargetDescriptor Descriptor { get; } = new() { Name = "PostgreSQL" };

    public string Database => _connector.Settings.Database.Value;

    public string Display => _connector.Settings.ToString();

    public ServerInfo Server { get; }

    public TargetFeatures Features { get; }

    /// <summary>Takes over the connection.</summary>
    /// <param name="context">What a target is made from.</param>
    /// <param name="connection">Is open.</param>
    /// <param name="clusterDialect">What a database is written to with that has the extension of a cluster.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="TargetException">The server takes no writes, or an option has no use for it.</exception>
    public static async Task<PostgresTarget> OpenAsync(TargetContext context, TargetConnection connection, SqlDialect clusterDialect, CancellationToken ct)
    {
        Descriptor.CheckOptions(context.Options);
        var server = await ServerInfo.ReadAsync(await connection.GetAsync(ct).ConfigureAwait(false), ct).ConfigureAwait(false);
        server.EnsureWritable(context.Connector.Settings);
        return new PostgresTarget(context, connection, server, server.HasCitus ? clusterDialect : null, new TransactionOutcomes(context.Time), ownsConnector: true);
    }

    public Task PrepareAsync(CancellationToken ct) => Task.CompletedTask;

    // One book of transactions for all sessions: an id that a crash gave to a second one of them is known.
    public IDatabaseTarget OpenSession() =>
        new PostgresTarget(_context, new TargetConnection(_connector, _time), Server, _clusterDialect, _outcomes, ownsConnector: false);

    public Task<IReadOnlyList<ImmutableArray<string?>>> QueryAsync(string title, string sql, CancellationToken ct) => GuardAsync(title, async () =>
    {
        using var command = new NpgsqlCommand(sql, await AliveAsync(ct).ConfigureAwait(false)) { AllResultTypesAreUnknown = true };
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        var rows = new List<ImmutableArray<string?>>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(field => reader.IsDBNull(field) ? null : reader.GetString(field))]);
        }

        return (IReadOnlyList<ImmutableArray<string?>>)rows;
    });

    public Task<TargetSurvey> SurveyAsync(SurveyRequest request, CancellationToken ct) => GuardAsync("fetch target", async () =>
        await PostgresSurvey.ReadAsync(await AliveAsync(ct).ConfigureAwait(false), request, ct).ConfigureAwait(false));

    public Task<PostgresTable> ReadTableAsync(QualifiedName name, CancellationToken ct) => GuardAsync("fetch table", async () =>
        await TableCatalogReader.ReadAsync(await _main.GetAsync(ct).ConfigureAwait(false), name, ct).ConfigureAwait(false));

    public Task<IReadOnlyDictionary<QualifiedName, PostgresTable>> ReadTablesAsync(IEnumerable<QualifiedName> names, CancellationToken ct) =>
        GuardAsync("fetch tables", async () =>
            await TableCatalogReader.ReadManyAsync(await _main.GetAliveAsync(_reconnect, ct).ConfigureAwait(false), names, ct).ConfigureAwait(false));

    public Task ExecuteTogetherAsync(string title, IEnumerable<string> statements, CancellationToken ct) => _single is not null
        ? ExecuteAsync(SqlStep.Of(title, statements), ct)
        : GuardAsync(title, async () =>
        {
            var connection = await _main.GetAliveAsync(_reconnect, ct).ConfigureAwait(false);
            await StatementBatch.RunAsync(connection, title, [.. statements], _logger, _time, ct).ConfigureAwait(false);
            return true;
        });

    public Task BeginSingleTransactionAsync(CancellationToken ct) => GuardAsync("begin", async () =>
    {
        _single = await (await _main.GetAsync(ct).ConfigureAwait(false)).BeginTransactionAsync(ct).ConfigureAwait(false);
        return _single;
    });

    public async Task CommitSingleTransactionAsync(CancellationToken ct)
    {
        var single = _single ?? throw new InvalidOperationException("No single transaction was begun.");
        try
        {
            await single.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            _single = null;
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            throw ServerError.Classify(e) == ServerErrorKind.ConnectionLost
                ? new TargetException(
                    $"The connection was lost while the single transaction was being committed: {ServerText.Describe(e)}",
                    "look into the table: it has all rows or none", e)
                : new TargetException($"The single transaction could not be committed, nothing was loaded: {ServerText.Describe(e)}", ServerText.Hint(e), e);
        }
    }

    public Task ExecuteAsync(SqlStep step, CancellationToken ct) => GuardAsync(step.Title, async () =>
    {
        var connection = await AliveAsync(ct).ConfigureAwait(false);
        if (_single is not null)
        {
            await ExecuteAllAsync().ConfigureAwait(false);
            return true;
        }

        var transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await ExecuteAllAsync().ConfigureAwait(false);
            await transaction.CommitAsync(ct).ConfigureAwait(false);
        }

        return true;

        async Task ExecuteAllAsync()
        {
            foreach (var statement in step.Statements)
            {
                await ExecuteAsync(step.Title, connection, statement, ct).ConfigureAwait(false);
            }
        }
    });

    public Task ExecuteEachAsync(string title, IEnumerable<string> statements, bool apart, CancellationToken ct) => GuardAsync(title, async () =>
    {
        if (!apart)
        {
            await ExecuteAllAsync(await AliveAsync(ct).ConfigureAwait(false)).ConfigureAwait(false);
            return true;
        }

        var other = await _connector.OpenAsync(ct).ConfigureAwait(false);
        await using (other.ConfigureAwait(false))
        {
            await ExecuteAllAsync(other).ConfigureAwait(false);
        }

        return true;

        async Task ExecuteAllAsync(NpgsqlConnection connection)
        {
            foreach (var sql in statements)
            {
                await ExecuteAsync(title, connection, new SqlStatement(sql, null), ct).ConfigureAwait(false);
            }
        }
    });

    public async Task<ImmutableArray<string>> DisableTriggersSqlAsync(CancellationToken ct)
    {
        try
        {
            await ExecuteAsync(SqlStep.Of("disable triggers", [Replica]), ct).ConfigureAwait(false);
            return [Replica];
        }
        catch (TargetException e) when (e.InnerException is PostgresException { SqlState: SqlStates.InsufficientPrivilege })
        {
            throw new TargetException(
                $"disable triggers needs the right to set session_replication_role, which role {_connector.Settings.User.Value} lacks",
                "GRANT SET ON PARAMETER session_replication_role (PostgreSQL 15 and later), or ALTER TABLE … DISABLE TRIGGER USER in BEFORE LOAD", e);
        }
    }

    public Task<ITableLoad> OpenTableAsync(TableLoadSettings settings, CancellationToken ct) => Task.FromResult<ITableLoad>(new TableLoad(this, settings));

    public async ValueTask DisposeAsync()
    {
        await _main.DisposeAsync().ConfigureAwait(false);
        if (_ownsConnector)
        {
            await _connector.DisposeAsync().ConfigureAwait(false);
        }
    }

    // A connection that broke is replaced, unless a transaction went with it.
    private async Task<NpgsqlConnection> AliveAsync(CancellationToken ct)
    {
        if (_single is not { } single)
        {
            return await _main.GetAliveAsync(_reconnect, ct).ConfigureAwait(false);
        }

        return single.Connection is { State: System.Data.ConnectionState.Open } open
            ? open
            : throw new TargetException("The connection was lost in a single transaction: nothing was loaded", "run the load again");
    }

    private async Task ExecuteAsync(string title, NpgsqlConnection connection, SqlStatement statement, CancellationToken ct)
    {
        try
        {
            var started = _time.GetTimestamp();
            using var command = new NpgsqlCommand(statement.Sql, connection);
            await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            Log.SqlExecuted(_logger, title, SecretMask.RedactSql(statement.Sql), _time.GetElapsedTime(started).TotalSeconds);
        }
        catch (PostgresException e)
        {
            throw StatementBatch.Fault(title, statement, e);
        }
    }

    private Task<T> GuardAsync<T>(string title, Func<Task<T>> action) => ServerText.GuardAsync(_connector.Settings, title, action);

    // Batches are final when they are committed: nothing is left to do at the end.
    private sealed class TableLoad(PostgresTarget target, TableLoadSettings settings) : ITableLoad
    {
        public ITableLoader OpenLoader(int writer)
        {
            if (target._single is { Connection: { } connection })
            {
                return new SingleTransactionLoader(connection, settings);
            }

            return writer == 0
                ? new PostgresLoader(target._main, ownsConnection: false, settings, target._outcomes, target._reconnect)
                : new PostgresLoader(
                    new TargetConnection(target._connector, target._time), ownsConnection: true, settings, target._outcomes, target._reconnect);
        }

        public Task CompleteAsync(RefusedRow refused, CancellationToken ct) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

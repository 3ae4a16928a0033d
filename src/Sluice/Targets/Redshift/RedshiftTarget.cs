using System.Collections.Immutable;
using System.Data;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Locations.S3;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <summary>Redshift as a target: rows go through S3. One connection for SQL and COPY, another for asking about refused rows.</summary>
internal sealed partial class RedshiftTarget : IDatabaseTarget
{
    // A batch that is only staged costs no commit: small ones keep memory low and stay in the processor's cache.
    private const int StagedBatchBytes = 512 << 10;

    // Serverless does not say how many there are.
    private const int UnknownSlices = 8;

    private readonly PostgresConnector _connector;
    private readonly TargetContext _context;
    private readonly RedshiftSession _session;
    private readonly TargetConnection _main;
    private readonly TargetConnection _lookUp;
    private readonly HashSet<QualifiedName> _toAnalyze = [];
    private readonly bool _keepsCase;
    private readonly int _slices;
    private StagingArea? _area;
    private NpgsqlConnection? _single;
    private int _tables;

    private RedshiftTarget(TargetContext context, TargetConnection connection, RedshiftSession session, ServerInfo server, bool keepsCase, int slices)
    {
        _slices = slices;
        _context = context;
        _connector = context.Connector;
        _session = session;
        _main = connection;
        _lookUp = new TargetConnection(context.Connector, context.Time);
        _keepsCase = keepsCase;
        Server = server;
        Staging = StagingOptions.From(context.Options);
        Features = new TargetFeatures
        {
            ServerKind = "Redshift",
            ClientCopy = false,
            BatchesAreFinal = Staging.CopyPerBatch,
            BatchBytes = Staging.CopyPerBatch ? BufferSizes.BatchBytes : Math.Min(StagedBatchBytes, BufferSizes.BatchBytes),
            MaxIdentifierBytes = 127,
            IgnoresCase = !keepsCase,
            SystemColumns = ["oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"],
            TemporaryPrefix = '#',
            Distribution = true,
            Layouts = true,
            LeastTablesTogether = 4,
            Dialect = new RedshiftDialect(Staging.NumbersColumns),
        };
    }

    public string Database => _connector.Settings.Database.Value;

    public string Display => _connector.Settings.ToString();

    public ServerInfo Server { get; }

    public TargetFeatures Features { get; }

    public StagingOptions Staging { get; }

    public ILogger Logger => _context.Logger;

    public TimeProvider Time => _context.Time;

    /// <summary>How long the error views are waited for.</summary>
    public TimeSpan ErrorPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The number of the latest COPY and the address that it read: by these its transaction is found again.</summary>
    public (long Id, string Source) LastCopy { get; set; }

    /// <summary>All is one transaction, over the main connection.</summary>
    public bool IsSingle => _single is not null;

    /// <summary>Takes over the connection.</summary>
    public static async Task<RedshiftTarget> OpenAsync(TargetContext context, TargetConnection connection, RedshiftSession session, CancellationToken ct)
    {
        RedshiftOptions.Target.CheckOptions(context.Options);
        var catalog = new RedshiftCatalog(await connection.GetAsync(ct).ConfigureAwait(false));
        var server = await catalog.ReadServerAsync(ct).ConfigureAwait(false);
        var keepsCase = await catalog.KeepsCaseAsync(ct).ConfigureAwait(false);
        return new RedshiftTarget(context, connection, session, server, keepsCase, await catalog.SlicesAsync(ct).ConfigureAwait(false) ?? UnknownSlices);
    }

    public async Task PrepareAsync(CancellationToken ct)
    {
        await OpenAreaAsync(ct).ConfigureAwait(false);
        EnsureKeysMayTravel(await AuthorizeAsync(ct).ConfigureAwait(false), await ConnectionAsync(ct).ConfigureAwait(false));
    }

    public Task<PostgresTable> ReadTableAsync(QualifiedName name, CancellationToken ct) => GuardAsync("fetch table", async () =>
        await new RedshiftCatalog(await _main.GetAliveAsync(_context.Reconnect, ct).ConfigureAwait(false)).ReadTableAsync(name, Server, _keepsCase, ct).ConfigureAwait(false));

    public ImmutableArray<string> Notices(PostgresTable table, ImmutableArray<string> columns)
    {
        var notices = _session.Notices;
        return LoadsIdentity(table, columns)
            ? notices.Add($"the identity column of {table.Name} is loaded with the values of the file (EXPLICIT_IDS): numbers that Redshift draws later may be the same")
            : notices;
    }

    public ImmutableArray<string> DescribeLoad(PostgresTable table, ImmutableArray<string> columns, bool stopsAtRefusal)
    {
        var bucket = BucketName;
        var statement = new RedshiftCopyStatement
        {
            Table = table.Name,
            Columns = Staging.CopyPerBatch && columns.SequenceEqual(table.Columns.Select(column => column.Name)) ? [] : columns,
            Source = $"s3://{bucket}/…/{(Staging.CopyPerBatch ? "000001.csv" : "manifest")}",
            IsManifest = !Staging.CopyPerBatch,
            IsPlain = Staging.CopyPerBatch,
            Compression = Staging.CopyPerBatch ? Compression.None : Staging.Compression,
            ExplicitIds = LoadsIdentity(table, columns),
            IsOwner = table.IsOwner,
            LeavesOutErrors = !stopsAtRefusal && !Staging.CopyPerBatch,
            Region = Staging.AwsRegion,
        };
        var authorization = Staging.IamRole is { } role ? CopyAuthorization.OfRole(role).Sql : "ACCESS_KEY_ID … SECRET_ACCESS_KEY …";
        return
        [
            statement.Text(authorization),
            Staging.CopyPerBatch ? "one COPY for each batch, uploaded as one CSV file" : "one COPY at the end, of all staged files",
            $"rows are checked, then staged as CSV in s3://{bucket}{(Staging.KeepStagedFiles ? ", where they stay" : ", and deleted at the end")}",
        ];
    }

    public Task BeginSingleTransactionAsync(CancellationToken ct) => GuardAsync("begin", async () =>
    {
        var connection = await _main.GetAsync(ct).ConfigureAwait(false);
        await ExecuteAsync(connection, "BEGIN", ct).ConfigureAwait(false);
        _single = connection;
        return true;
    });

    public async Task CommitSingleTransactionAsync(CancellationToken ct)
    {
        var single = _single ?? throw new InvalidOperationException("No single transaction was begun.");
        try
        {
            await ExecuteAsync(single, "COMMIT", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            var fault = RedshiftFault.Of(e, []);
            if (e is PostgresException && fault.Kind != ServerErrorKind.ConnectionLost)
            {
                throw fault.ToException("The single transaction could not be committed, nothing was loaded");
            }

            Log.ConnectionLost(Logger, "COMMIT", fault.Text);
            await EnsureCommittedAsync(fault.Text, ct).ConfigureAwait(false);
        }

        _single = null;
        foreach (var table in _toAnalyze)
        {
            await AnalyzeAsync(table, ct).ConfigureAwait(false);
        }
    }

    public Task ExecuteAsync(SqlStep step, CancellationToken ct) => GuardAsync(step.Title, async () =>
    {
        var connection = _single ?? await _main.GetAliveAsync(_context.Reconnect, ct).ConfigureAwait(false);
        var isOpen = false;
        try
        {
            foreach (var statement in step.Statements)
            {
                if (!isOpen)
                {
                    await RunAsync("BEGIN").ConfigureAwait(false);
                    isOpen = true;
                }

                await ExecuteAsync(step.Title, connection, statement, ct).ConfigureAwait(false);

                // TRUNCATE commits: what follows needs a transaction of its own.
                isOpen = !TruncateStatement().IsMatch(statement.Sql);
            }

            if (isOpen)
            {
                await RunAsync("COMMIT").ConfigureAwait(false);
            }
        }
        catch (TargetException) when (connection.State == ConnectionState.Open)
        {
            await RunAsync("ROLLBACK").ConfigureAwait(false);
            throw;
        }

        return true;

        Task RunAsync(string sql) => _single is null ? ExecuteAsync(connection, sql, CancellationToken.None) : Task.CompletedTask;
    });

    public Task ExecuteEachAsync(string title, IEnumerable<string> statements, bool apart, CancellationToken ct) => GuardAsync(title, async () =>
    {
        var connection = apart ? await _connector.OpenAsync(ct).ConfigureAwait(false) : await _main.GetAliveAsync(_context.Reconnect, ct).ConfigureAwait(false);
        try
        {
            foreach (var sql in statements)
            {
                await ExecuteAsync(title, connection, new SqlStatement(sql, null), ct).ConfigureAwait(false);
            }
        }
        finally
        {
            if (apart)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }

        return true;
    });

    public Task<ImmutableArray<string>> DisableTriggersSqlAsync(CancellationToken ct) => Task.FromResult<ImmutableArray<string>>([]);

    public async Task<ITableLoad> OpenTableAsync(TableLoadSettings settings, CancellationToken ct)
    {
        await PrepareAsync(ct).ConfigureAwait(false);
        var folder = $"{Interlocked.Increment(ref Root._tables):D3}-{StagingArea.SafeName(settings.Name.Name)}";
        return new RedshiftTableLoad(this, settings, new RedshiftStage(Area, folder, Staging, _slices));
    }

    public async ValueTask DisposeAsync()
    {
        if (_area is not null)
        {
            await _area.DisposeAsync().ConfigureAwait(false);
        }

        await _lookUp.DisposeAsync().ConfigureAwait(false);
        await _main.DisposeAsync().ConfigureAwait(false);
        _opening.Dispose();
        if (_parent is null)
        {
            await _connector.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Whether a column that the server numbers itself is loaded.</summary>
    public static bool LoadsIdentity(PostgresTable table, ImmutableArray<string> columns) =>
        columns.Any(name => table.Column(name).Identity == IdentityKind.Always);

    public ImmutableArray<RedshiftColumn> Columns(TableLoadSettings settings) => [.. settings.Columns.Select(name =>
        new RedshiftColumn(settings.Table.Column(name), settings.Table.Name.Name, Server.FixedZoneOffset, Server.TimeZone))];

    /// <summary>The connection of the single transaction, or the main one, alive.</summary>
    public Task<NpgsqlConnection> ConnectionAsync(CancellationToken ct) => GuardAsync("connect", async () =>
        _single ?? await _main.GetAliveAsync(_context.Reconnect, ct).ConfigureAwait(false));

    public ValueTask AbandonAsync() => _main.DisposeAsync();

    public Task<NpgsqlConnection> LookUpConnectionAsync(CancellationToken ct) => _lookUp.GetAliveAsync(_context.Reconnect, ct);

    public Task<CopyAuthorization> AuthorizeAsync(CancellationToken ct) =>
        Area.AuthorizeAsync(ct);

    /// <exception cref="TargetException">The COPY would hold keys, and others could read it on its way.</exception>
    public void EnsureKeysMayTravel(CopyAuthorization authorization, NpgsqlConnection connection)
    {
        var settings = _connector.Settings;
        if (!authorization.HasKeys || ConnectionSecurity.MayCarryKeys(connection, settings))
        {
            return;
        }

        throw new TargetException(
            $"The connection to {settings.Place} is not encrypted, and COPY would send AWS keys over it",
            "use sslmode=require or better, give COPY a role (WITH iam role = '…'), or say sslmode=disable where the network is your own");
    }

    /// <summary>Refreshes a table's statistics; a load does not fail for it.</summary>
    public async Task AnalyzeAsync(QualifiedName table, CancellationToken ct)
    {
        if (IsSingle)
        {
            _toAnalyze.Add(table);
            return;
        }

        try
        {
            await ExecuteAsync(await _main.GetAliveAsync(_context.Reconnect, ct).ConfigureAwait(false), $"ANALYZE {Identifier.Quote(table)}", ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TargetException)
        {
            Log.ServerWarning(Logger, $"ANALYZE {table}: {RedshiftFault.Of(e, []).Text}; the rows are loaded");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    // The single transaction's end is that of any COPY in it.
    private async Task EnsureCommittedAsync(string lost, CancellationToken ct)
    {
        const string What = "The connection was lost while the single transaction was being committed";
        var (id, source) = LastCopy;
        await AbandonAsync().ConfigureAwait(false);
        var outcome = await new RedshiftOutcome(this).FindAsync(id, source, ct).ConfigureAwait(false);
        if (outcome == false)
        {
            throw new TargetException($"{What}, and it was rolled back, nothing was loaded: {lost}", "run the load again");
        }

        if (outcome is null)
        {
            throw new TargetException(
                $"{What}, and what became of it cannot be known: the tables hold all rows of this load or none: {lost}",
                id > 0 ? RedshiftOutcome.Advice(id, source) : "look into the tables before you load again");
        }
    }

    private async Task ExecuteAsync(string title, NpgsqlConnection connection, SqlStatement statement, CancellationToken ct)
    {
        try
        {
            var started = Time.GetTimestamp();
            await ExecuteAsync(connection, statement.Sql, ct).ConfigureAwait(false);
            Log.SqlExecuted(Logger, title, SecretMask.RedactSql(statement.Sql), Time.GetElapsedTime(started).TotalSeconds);
        }
        catch (PostgresException e)
        {
            var where = statement.Origin is null ? "" : $" ({Printable.Escape(statement.Origin)})";
            var fault = RedshiftFault.Of(e, []);
            throw new TargetException($"{title}{where}: {SecretMask.RedactSql(fault.Text, statement.Sql)} in: {Shorten(statement.Sql)}", fault.Hint);
        }
    }

    private static string Shorten(string sql)
    {
        var line = Printable.Escape(string.Join(' ', SecretMask.RedactSql(sql).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return line.Length <= 200 ? line : line[..200] + "…";
    }

    private Task<T> GuardAsync<T>(string title, Func<Task<T>> action) => ServerText.GuardAsync(_connector.Settings, title, action);

    [GeneratedRegex(@"^\s*TRUNCATE\b", RegexOptions.IgnoreCase)]
    private static partial Regex TruncateStatement();
}

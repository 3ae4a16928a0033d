using System.Collections.Immutable;
using System.Globalization;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Sessions;

/// <summary>What the parts of one session share.</summary>
internal sealed class SessionState
{
    private readonly WireWriter _writer;
    private CancellationTokenSource? _running;
    private string? _statement;

    public SessionState(ServerContext context, BackingConnection backing, WireWriter writer, UserRecord user, string database)
    {
        Context = context;
        Backing = backing;
        _writer = writer;
        User = user;
        Database = database;
        Pipeline = new BackingPipeline(backing, TranslateError);
        CaseSensitive = context.Options.CaseSensitive;
        backing.Noticed = error => WriteNotice(ServerErrors.TranslateNotice(new Notice(error.Message) { Severity = error.Severity, SqlState = error.SqlState }));
        backing.ParameterReported = ReportParameter;
    }

    public ServerContext Context { get; }

    public BackingConnection Backing { get; }

    public BackingPipeline Pipeline { get; }

    public WireWriter Writer => _writer;

    public UserRecord User { get; }

    public string Database { get; }

    public CopyCounters Counters { get; } = new();

    public TypeMap Types { get; private set; } = new(0, 0);

    /// <summary>enable_case_sensitive_identifier.</summary>
    public bool CaseSensitive { get; set; }

    /// <summary>The private PostgreSQL has a block open that the client did not ask for; it ends with the query string.</summary>
    public bool HasImplicitBlock { get; set; }

    /// <summary>The only cursor that may be open.</summary>
    public string? Cursor { get; set; }

    public bool ReportsParameters { get; set; }

    public bool InBlock => Backing.TransactionStatus == 'T' && !HasImplicitBlock;

    public bool HasFailed => Backing.TransactionStatus == 'E';

    public async Task StartAsync(CancellationToken ct)
    {
        var row = (await Backing.QueryAsync(
            """
            select coalesce(to_regtype('rs_catalog.super')::oid, 0), coalesce(to_regtype('rs_catalog.varbyte')::oid, 0), current_setting('search_path')
            """,
            ct)).Rows[0];
        Types = new TypeMap(
            unchecked((int)uint.Parse(row[0]!, CultureInfo.InvariantCulture)), unchecked((int)uint.Parse(row[1]!, CultureInfo.InvariantCulture)));
        await new SettingRunner(this).SetAsync("search_path", row[2]!, local: false, ct);
    }

    public ImmutableArray<SqlStatement> Split(string sql)
    {
        Context.Secrets.Record(sql);
        return StatementSplitter.Split(sql);
    }

    /// <summary>In a failed block only its end is heard, and what cannot even be read.</summary>
    public Translation Translate(SqlStatement statement)
    {
        Translation translation;
        try
        {
            translation = Translator.Translate(statement, Facts());
        }
        catch (ServerException exception) when (HasFailed && exception.Error.SqlState != "42601")
        {
            throw InFailedBlock();
        }

        return HasFailed && translation is not (EmptyStatement or TransactionControl { Verb: not TransactionVerb.Begin })
            ? throw InFailedBlock()
            : translation;
    }

    /// <summary>A string of several statements is read as a whole before any of it runs.</summary>
    public void CheckSyntax(ImmutableArray<SqlStatement> statements)
    {
        foreach (var statement in statements)
        {
            try
            {
                Translator.Translate(statement, Facts());
            }
            catch (ServerException exception) when (exception.Error.SqlState != "42601")
            {
                // What is wrong beyond its syntax shows when its turn comes.
            }
        }
    }

    public static ServerException InFailedBlock() =>
        new("25P02", "current transaction is aborted, commands ignored until end of transaction block");

    /// <summary>Remembers whose errors are to be translated from here on.</summary>
    public void Enter(string statement) => _statement = statement;

    public ServerError TranslateError(ServerError error) => error.SqlState == "57014" ? Canceled() : ServerErrors.Translate(error, _statement);

    /// <summary>Redshift says the same for a statement that a client cancels and for one that exceeds statement_timeout; the number is a query's.</summary>
    public ServerError Canceled() => new("57014", $"Query ({Backing.ProcessId}) cancelled on user's request");

    public void WriteNotice(Notice notice) => ErrorFields.Write(_writer, notice);

    public void WriteReady() => _writer.Begin('Z').Byte((byte)Backing.TransactionStatus).End();

    public void WriteComplete(string tag) => _writer.Begin('C').Text(tag).End();

    public void WriteParameter(string name, string value) => _writer.Begin('S').Text(name).Text(value).End();

    /// <summary>What Redshift reports at login, in its order. standard_conforming_strings is not among it.</summary>
    public async Task<IReadOnlyList<(string Name, string Value)>> ReportedParametersAsync(StartupRequest request, CancellationToken ct)
    {
        var row = (await Backing.QueryAsync(
            "select current_setting('application_name'), current_setting('DateStyle'), current_setting('TimeZone')", ct)).Rows[0];
        var encoding = request.Settings.LastOrDefault(setting => setting.Key.Equals("client_encoding", StringComparison.OrdinalIgnoreCase)).Value;
        return
        [
            ("application_name", row[0] is { Length: > 0 } name ? name : "unset"),
            ("case_sensitive", "on"),
            ("client_encoding", encoding is null ? "UNICODE" : "UTF8"),
            ("datestyle", row[1]!),
            ("integer_datetimes", "on"),
            ("is_superuser", "off"),
            ("server_encoding", "UNICODE"),
            ("server_version", "8.0.2"),
            ("session_authorization", User.Name),
            ("TimeZone", row[2]!),
            ("timezone_abbreviations", "Default"),
            ("padb_version", "1.0.71629"),
            ("padb_revision", "17187a5367"),
            ("max_numeric_precision", "38"),
            ("max_varchar_size", "65535"),
            ("datashare_enabled", "on"),
            ("session_id", Guid.NewGuid().ToString()),
            ("server_protocol_version", "0"),
        ];
    }

    /// <summary>The token of the statement that is about to run; <see cref="CancelAsync"/> cancels it.</summary>
    public CancellationToken BeginStatement(CancellationToken ct)
    {
        var running = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Interlocked.Exchange(ref _running, running);
        return running.Token;
    }

    public void EndStatement() => Interlocked.Exchange(ref _running, null)?.Dispose();

    /// <summary>Called from the connection that brings a cancel request. A session with nothing to do is left alone.</summary>
    public async Task CancelAsync()
    {
        if (Volatile.Read(ref _running) is { } running)
        {
            try
            {
                await running.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            await Backing.CancelAsync();
        }
    }

    private SessionFacts Facts() => new()
    {
        CaseSensitiveIdentifiers = CaseSensitive,
        User = User.Name,
        Database = Database,
        InTransactionBlock = InBlock,
        Serverless = Context.Options.Serverless,
    };

    private void ReportParameter(string name, string value)
    {
        if (!ReportsParameters)
        {
            return;
        }

        switch (name)
        {
            case "DateStyle":
                WriteParameter("datestyle", value);
                break;
            case "TimeZone" or "client_encoding" or "application_name" or "session_authorization":
                WriteParameter(name, value);
                break;
        }
    }
}

using RedshiftLocal.Backing;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sessions;

/// <summary>One logged-in client: takes its messages in turn and answers them.</summary>
internal sealed class Session
{
    /// <summary>Larger than a statement may be, so that a statement that is too long gets an answer; beyond this the connection is closed.</summary>
    private const int MaxMessageBytes = 64 * 1024 * 1024;

    private readonly ServerContext _context;
    private readonly BackingConnection _backing;
    private readonly WireReader _reader;
    private readonly WireWriter _writer;
    private readonly StartupRequest _request;
    private readonly SessionState _state;
    private readonly StatementRunner _runner;
    private readonly ExtendedQuery _extended;

    public Session(
        ServerContext context, BackingConnection backing, WireReader reader, WireWriter writer, StartupRequest request, UserRecord user, int secret)
    {
        _context = context;
        _backing = backing;
        _reader = reader;
        _writer = writer;
        _request = request;
        Secret = secret;
        _state = new SessionState(context, backing, writer, user, request.Database);
        _runner = new StatementRunner(_state);
        _extended = new ExtendedQuery(_state, _runner);
    }

    /// <summary>The process of the private PostgreSQL, so that pg_backend_pid() and pg_terminate_backend() mean what the client was told.</summary>
    public int ProcessId => _backing.ProcessId;

    public int Secret { get; }

    public Task CancelStatementAsync() => _state.CancelAsync();

    /// <summary>Prepares the private PostgreSQL's session and tells the client that it is logged in.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await _state.StartAsync(ct);
        var settings = new SettingRunner(_state);
        foreach (var (name, value) in _request.Settings)
        {
            await settings.SetAsync(name.ToLowerInvariant(), value, local: false, ct);
        }

        await _state.Pipeline.SyncAsync(ct);
        _writer.Begin('R').Int32(0).End();
        foreach (var (name, value) in await _state.ReportedParametersAsync(_request, ct))
        {
            _state.WriteParameter(name, value);
        }

        _state.ReportsParameters = true;
        _writer.Begin('K').Int32(ProcessId).Int32(Secret).End();
        _state.WriteReady();
        await _writer.FlushAsync(ct);
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        _context.Sessions.Add(this);
        try
        {
            while (await TakeMessageAsync(stopping))
            {
            }
        }
        catch (WireException exception)
        {
            var state = exception.IsTooLong ? "54000" : "08P01";
            throw StartupRequest.Fatal(state, exception.Message);
        }
        finally
        {
            _context.Sessions.Remove(this);
        }
    }

    private async Task<bool> TakeMessageAsync(CancellationToken stopping)
    {
        if (_reader.BufferedBytes == 0)
        {
            await _writer.FlushAsync(stopping);
        }

        var message = await ReadAsync(stopping);
        switch ((char)message.Type)
        {
            case '\0' or 'X':
                return false;
            case 'Q':
                _extended.Discarding = false;
                await RunQueryAsync(message.Payload, stopping);
                return true;
            case 'F':
                await _runner.GuardAsync(() => throw new ServerException("0A000", "fast-path function calls are not supported"), stopping);
                _state.WriteReady();
                return true;
            case 'd' or 'c' or 'f':
                // What a client sends for a COPY that has failed is passed over.
                return true;
            case 'P' or 'B' or 'D' or 'E' or 'C' or 'H' or 'S':
                await _extended.TakeAsync(message, stopping);
                return true;
            default:
                throw StartupRequest.Fatal("08P01", $"invalid frontend message type {message.Type}");
        }
    }

    private async ValueTask<WireMessage> ReadAsync(CancellationToken stopping)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timeout.CancelAfter(_context.Options.IdleTimeout);
        try
        {
            if (_reader.BufferedBytes == 0 && !await _reader.WaitAsync(timeout.Token))
            {
                return default;
            }

            timeout.CancelAfter(_context.Options.MessageTimeout);
            return await _reader.ReadAsync(MaxMessageBytes, timeout.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw StartupRequest.Fatal("57P01", "terminating connection because of idle session timeout");
        }
    }

    /// <summary>
    /// A query string. Its statements share one transaction, as in PostgreSQL 8.0, unless it holds statements that begin or end one; the
    /// first error ends it.
    /// </summary>
    private async Task RunQueryAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        await _runner.GuardAsync(
            async () =>
            {
                var sql = new PayloadReader(payload.Span).Text();
                var statements = _state.Split(sql);
                if (statements.IsEmpty)
                {
                    _writer.Message('I');
                }

                if (statements.Length > 1)
                {
                    _state.CheckSyntax(statements);
                }

                await _runner.ShowQueriesAsync(sql, ct);
                for (var i = 0; i < statements.Length; i++)
                {
                    var translation = _state.Translate(statements[i]);
                    await _runner.RunAsync(new PreparedStatement(statements[i], translation), portal: null, statements.Length > 1, ct);
                }

                await _runner.FinishAsync(ct);
            },
            ct);
        _state.WriteReady();
    }
}

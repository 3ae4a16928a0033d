using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Loading;
using RedshiftLocal.Copy.S3;
using RedshiftLocal.Faults;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy;

/// <summary>Runs COPY … FROM 's3://…' of any number of sessions.</summary>
public sealed class CopyEngine(HttpClient http, TimeProvider clock)
{
    // All COPYs into one table wait for each other, also those of users who may not lock it: a lock of our own beside the table's.
    private const int LockClass = 0x636F7079;
    private static readonly TimeSpan HistoryPatience = TimeSpan.FromSeconds(30);

    private long _quotedMarkers;

    /// <summary>NULL markers that stood in quotation marks in all COPYs so far: a client that relies on quoting to keep them loses values.</summary>
    public long QuotedNullMarkers => Interlocked.Read(ref _quotedMarkers);

    /// <summary>A client that neither follows redirects nor decompresses, as reading objects needs it.</summary>
    public static HttpClient CreateHttpClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// Loads the files. Throws <see cref="ServerException"/> with what the client is told, or <see cref="CopyDroppedException"/>.
    /// Takes the fault points Copy and ErrorRows; BeforeCommit and AfterCommit are the caller's.
    /// </summary>
    public async Task<CopyOutcome> RunAsync(CopyRequest request, CancellationToken ct)
    {
        request.Secrets.RememberFrom(request.Statement.Text);
        try
        {
            return await LoadAsync(request, ct);
        }
        catch (ServerException exception)
        {
            // The one place where texts of the store and of the backing server meet the client.
            throw new ServerException(
                exception.Error with
                {
                    Message = request.Secrets.Mask(exception.Error.Message),
                    Detail = exception.Error.Detail is null ? null : request.Secrets.Mask(exception.Error.Detail),
                },
                exception);
        }
    }

    // Queries on the client's backing session are not canceled by token: an answer half read would leave it out of step.
    private async Task<CopyOutcome> LoadAsync(CopyRequest request, CancellationToken ct)
    {
        var command = CopyParser.Parse(request.Statement, request.CaseSensitiveIdentifiers);
        var table = await TargetTable.FindAsync(request.Session, command, CancellationToken.None);
        var plan = LoadPlan.Create(table, command);
        if (command.StatUpdateGiven && !table.OwnedByUser && !request.IsSuperuser)
        {
            throw new ServerException("42501", $"must be owner of relation {table.Name}");
        }

        await using var history = new LoadHistory(request, await request.OpenSuperuserAsync(ct), clock) { Table = table };
        await history.BeginAsync(ct);
        request.Counters.LastQueryId = history.QueryId;
        await ObeyFaultAsync(request, ct);
        ImmutableArray<LoadFile> files = [];
        LoadState? state = null;
        var rows = 0L;
        var completed = false;
        try
        {
            var keys = GrantedKeys.Of(command.Authorization, request.Options, request.User);
            var store = new S3Reader(new S3Requests(http, request.Options, keys, command.Region ?? request.Options.Region, clock));
            var json = await JsonPathsFile.ReadAsync(store, plan, ct);
            files = await FileList.FindAsync(store, command, Math.Max(1, request.Options.Slices), ct);
            await LockAsync(request.Session, table, history, ct);
            request.Counters.LastCopyId = history.QueryId;
            request.Counters.LastCopyCount = 0;
            state = new LoadState(plan, history, request.Options, json);
            rows = await RunAsync(request, state, store, files, ct);
            completed = true;
        }
        catch (S3Exception exception)
        {
            throw InternalError.Of(exception.Message, exception.Context, history.QueryId, request.ProcessId, exception);
        }
        catch (UnreadableFileException exception)
        {
            throw InternalError.Of(exception.Message, exception.Context, history.QueryId, request.ProcessId, exception);
        }
        catch (TooManyErrorsException exception)
        {
            throw new ServerException(
                new ServerError("XX000", $"Load into table '{table.Name}' failed.  Check '{ErrorView(request)}' system table for details."), exception);
        }
        finally
        {
            Interlocked.Add(ref _quotedMarkers, state?.QuotedMarkers ?? 0);
            await WriteHistoryAsync(history, command, files, rows, completed);
        }

        request.Counters.LastCopyCount = rows;
        Announce(request, table, rows, state);
        return new CopyOutcome(history.QueryId, rows, state.Errors);
    }

    /// <summary>Outlives the client's cancellation. A load that failed is not made to fail for another reason.</summary>
    private async Task WriteHistoryAsync(LoadHistory history, CopyCommand command, ImmutableArray<LoadFile> files, long rows, bool completed)
    {
        using var patience = new CancellationTokenSource(HistoryPatience, clock);
        try
        {
            await history.CompleteAsync(command, files, rows, completed, patience.Token);
        }
        catch (Exception exception) when (!completed && exception is (ServerException or IOException or OperationCanceledException))
        {
            // The client is told of the first failure.
        }
    }

    /// <summary>Reads the files and feeds the backing server; the number of rows that are in.</summary>
    private async Task<long> RunAsync(CopyRequest request, LoadState state, S3Reader store, ImmutableArray<LoadFile> files, CancellationToken ct)
    {
        var command = state.Plan.Command;
        ICopyIn? target = null;
        if (!command.NoLoad)
        {
            await request.Session.QueryAsync("SET LOCAL redshift_local.copying = 'on'", CancellationToken.None);
            target = await request.Session.BeginCopyInAsync(state.Plan.CopySql, CancellationToken.None);
        }

        var rows = 0L;
        try
        {
            await new LoadPipeline(state, store, clock).RunAsync(files, target, ct);
            rows = target is null ? 0 : await target.CompleteAsync(CancellationToken.None);
        }
        finally
        {
            if (target is not null)
            {
                await target.DisposeAsync();
            }
        }

        if (target is not null)
        {
            await request.Session.QueryAsync("SET LOCAL redshift_local.copying = 'off'", CancellationToken.None);
        }

        return rows;
    }

    private async Task ObeyFaultAsync(CopyRequest request, CancellationToken ct)
    {
        if (request.Faults.Take(FaultPoint.Copy, request.Statement.Text) is not { } fault)
        {
            return;
        }

        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, clock, ct);
        }

        switch (fault.Kind)
        {
            case FaultKind.Error:
                throw CopyFaults.Error(fault);
            case FaultKind.Drop:
                throw new CopyDroppedException();
            default:
                break;
        }
    }

    private static async Task LockAsync(IBackingSession session, TargetTable table, LoadHistory history, CancellationToken ct)
    {
        var own = string.Create(CultureInfo.InvariantCulture, $"SELECT pg_catalog.pg_advisory_xact_lock({LockClass}, {unchecked((int)table.Oid)})");
        await WaitAsync(session.QueryAsync(own, CancellationToken.None));
        if (table.Lockable)
        {
            await WaitAsync(session.QueryAsync($"LOCK TABLE {table.Sql} IN SHARE ROW EXCLUSIVE MODE", CancellationToken.None));
        }

        // The backing session is in step again only when its query has ended, so that is what is canceled.
        async Task WaitAsync(Task query)
        {
            await Task.WhenAny(query, Task.Delay(Timeout.Infinite, ct));
            if (!query.IsCompleted)
            {
                await history.CancelBackendAsync(table.BackendId, CancellationToken.None);
            }

            await query;
        }
    }

    private static void Announce(CopyRequest request, TargetTable table, long rows, LoadState state)
    {
        request.Notify(new Notice(
            string.Create(CultureInfo.InvariantCulture, $"Load into table '{table.Name}' completed, {rows} record(s) loaded successfully.")));
        if (state.Errors > 0)
        {
            request.Notify(new Notice(string.Create(
                CultureInfo.InvariantCulture,
                $"Load into table '{table.Name}' completed, {state.Errors} record(s) could not be loaded.  Check '{ErrorView(request)}' system table for details.")));
        }

        if (state.ReplacedRows > 0)
        {
            request.Notify(new Notice(string.Create(
                CultureInfo.InvariantCulture,
                $"Load into table '{table.Name}' completed, {state.ReplacedRows} record(s) were loaded with replacements made for ACCEPTINVCHARS.  Check 'stl_replacements' system table for details.")));
        }
    }

    private static string ErrorView(CopyRequest request) => request.Options.Serverless ? "sys_load_error_detail" : "stl_load_errors";
}

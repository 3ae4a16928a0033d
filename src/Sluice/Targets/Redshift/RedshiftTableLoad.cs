using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Locations.S3;

namespace Sluice.Targets.Redshift;

/// <summary>One table's load: writers stage their rows, then one COPY loads them all or none.</summary>
internal sealed class RedshiftTableLoad : ITableLoad
{
    private const int Attempts = 5;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly RedshiftTarget _target;
    private readonly TableLoadSettings _settings;
    private readonly byte[] _marker = DrawMarker();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly RedshiftCopyRunner _runner;
    private volatile bool _needsMarker;

    public RedshiftTableLoad(RedshiftTarget target, TableLoadSettings settings, RedshiftStage stage)
    {
        _target = target;
        _settings = settings;
        Stage = stage;
        _runner = new RedshiftCopyRunner(target, settings.Table);
    }

    public RedshiftStage Stage { get; }

    public QualifiedName Table => _settings.Name;

    public ILogger Logger => _target.Logger;

    public bool IsSingle => _target.IsSingle;

    public ITableLoader OpenLoader(int writer) => _target.Staging.CopyPerBatch ? new RedshiftBatchLoader(this) : new RedshiftStagingLoader(this);

    public RedshiftRowEncoder CreateEncoder(byte[]? marker = null) => new(_target.Columns(_settings), marker ?? _marker);

    public RedshiftCopyRunner CreateRunner() => new(_target, _settings.Table);

    /// <summary>Waits until no other writer runs a COPY.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        return new Turn(_turn);
    }

    /// <summary>A text that no value has but by an accident of one in 10^18: it stands for NULL.</summary>
    public static byte[] DrawMarker() => Encoding.ASCII.GetBytes("~" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 12));

    /// <summary>A row holds NULL, or what COPY would take for it.</summary>
    public void NeedMarker() => _needsMarker = true;

    public RedshiftCopyStatement Statement(string source, bool isManifest) => new()
    {
        Table = Table,
        Columns = _settings.Columns,
        Source = source,
        IsManifest = isManifest,
        Compression = Stage.Compression,
        NullMarker = _needsMarker ? Encoding.ASCII.GetString(_marker) : null,
        ExplicitIds = RedshiftTarget.LoadsIdentity(_settings.Table, _settings.Columns),
        IsOwner = _settings.Table.IsOwner,
        LeavesOutErrors = !_settings.StopsAtRefusal,
        Region = Stage.Region,
    };

    /// <summary>pgloader's COPY of one file; the columns are named only where they are not the table's own in its order.</summary>
    public RedshiftCopyStatement BatchStatement(string source, byte[]? marker) => Statement(source, isManifest: false) with
    {
        Columns = _settings.Columns.SequenceEqual(_settings.Table.Columns.Select(column => column.Name)) ? [] : _settings.Columns,
        IsPlain = true,
        LeavesOutErrors = false,
        NullMarker = marker is null ? null : Encoding.ASCII.GetString(marker),
    };

    public async Task TakeAsync(StagedRows rows, CancellationToken ct)
    {
        if (!_target.Features.TakesStagedRows)
        {
            throw new NotSupportedException("With copy per batch every row comes in a batch.");
        }

        await new RedshiftRelay(_target, Table, _runner).RunAsync(Statement(rows.Manifest, isManifest: true) with
        {
            Delimiter = rows.Delimiter,
            Compression = rows.Compression,
            NullMarker = rows.NullMarker,
            LeavesOutErrors = false,
            Region = rows.Region,
        }, rows.Rows, ct).ConfigureAwait(false);
        await _target.AnalyzeAsync(Table, ct).ConfigureAwait(false);
    }

    public async Task CompleteAsync(RefusedRow refused, CancellationToken ct)
    {
        var parts = await Stage.CompleteAsync(ct).ConfigureAwait(false);
        if (parts.Count == 0)
        {
            await AnalyzeBatchesAsync(ct).ConfigureAwait(false);
            return;
        }

        var manifest = await Stage.PutManifestAsync(parts, ct).ConfigureAwait(false);
        await CopyAsync(Statement(manifest.Url, isManifest: true), parts, refused, ct).ConfigureAwait(false);
        await _target.AnalyzeAsync(Table, ct).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.RollbackAsync().ConfigureAwait(false);
        await Stage.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    /// <summary>What the server's views say of a COPY's refused rows.</summary>
    public Task<IReadOnlyList<RedshiftLoadError>> ErrorsAsync(long copyId, long expected, CancellationToken ct) =>
        new RedshiftLoadErrors(_target).ReadAsync(copyId, Stage.Folder, expected, ct);

    /// <summary>What is lost before its commit is done again, but in a single transaction.</summary>
    public async Task<T> WithRetriesAsync<T>(Func<Task<T>> action, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await action().ConfigureAwait(false);
            }
            catch (LoaderException e)
            {
                await RetryAsync(e, attempt, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task CopyAsync(RedshiftCopyStatement statement, List<RedshiftPart> parts, RefusedRow refused, CancellationToken ct)
    {
        var rows = parts.Sum(part => part.Rows);
        List<RedshiftRefusedRow>? left = null;
        var isReported = false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var fault = await _runner.CopyAsync(statement, isTrial: false, ct).ConfigureAwait(false);
                if (fault is not null)
                {
                    await ExplainAsync(fault, parts, refused, ct).ConfigureAwait(false);
                    throw fault.ToException($"Loading {Table} failed, nothing was loaded");
                }

                var missing = rows - _runner.Copied;
                CheckCount(rows, missing, left);
                if (missing > 0 && left is null)
                {
                    var errors = await ErrorsAsync(_runner.CopyId, missing, ct).ConfigureAwait(false);
                    var search = Search();
                    left = await search.LookUpAsync(parts, errors, missing, ct).ConfigureAwait(false);
                    if (left is null)
                    {
                        left = await TryAsync(search, parts, errors, ct).ConfigureAwait(false);
                        continue;
                    }
                }

                if (left is not null && !isReported)
                {
                    await ReportAsync(left, refused, ct).ConfigureAwait(false);
                    isReported = true;
                }

                await _runner.CommitAsync(ct).ConfigureAwait(false);
                return;
            }
            catch (ConnectionLostException e) when (!_target.IsSingle)
            {
                Log.ConnectionLost(_target.Logger, Table.ToString(), e.Message);
                var isCommitted = await _runner.WasCommittedAsync(ct).ConfigureAwait(false);
                Log.OutcomeKnown(_target.Logger, Table.ToString(), isCommitted ? "committed" : "not committed, sent again");
                if (isCommitted)
                {
                    return;
                }

                await RetryAsync(e, attempt, ct).ConfigureAwait(false);
            }
            catch (LoaderException e)
            {
                await RetryAsync(e, attempt, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task<List<RedshiftRefusedRow>> TryAsync(
        RedshiftRefusedRows search, List<RedshiftPart> parts, IReadOnlyList<RedshiftLoadError> errors, CancellationToken ct)
    {
        if (_target.IsSingle)
        {
            throw new TargetException(
                $"Rows for {Table} were refused, and which they are can only be found by trying, which a single transaction does not allow: nothing was loaded",
                "load without single transaction, or mend the rows that sys_load_error_detail or stl_load_errors name");
        }

        await _runner.RollbackAsync().ConfigureAwait(false);
        return await search.TryAsync(parts, errors, ct).ConfigureAwait(false);
    }

    private async Task RetryAsync(LoaderException failure, int attempt, CancellationToken ct)
    {
        await _runner.RollbackAsync().ConfigureAwait(false);
        if (_target.IsSingle)
        {
            throw new TargetException($"Loading {Table} failed within the single transaction, nothing was loaded: {failure.Message}", "run the load again");
        }

        if (attempt >= Attempts)
        {
            throw new TargetException($"{Table}: gave up on the COPY after {attempt} attempts, nothing was loaded: {failure.Message}", "run the load again");
        }

        Log.BatchRetried(_target.Logger, Table.ToString(), 0, failure.Message);
        await Task.Delay(RetryDelay * attempt, _target.Time, ct).ConfigureAwait(false);
    }

    private void CheckCount(long rows, long missing, List<RedshiftRefusedRow>? known)
    {
        var isOdd = missing < 0 || (missing > 0 && _settings.StopsAtRefusal) || (known is not null && known.Count != missing);
        if (isOdd)
        {
            throw new TargetException(
                string.Create(CultureInfo.InvariantCulture, $"The COPY into {Table} loaded {_runner.Copied} of {rows} staged rows, ")
                + (known is null ? "which is not what was staged" : string.Create(CultureInfo.InvariantCulture, $"though {known.Count} are refused"))
                + ": it was rolled back, nothing was loaded",
                "run the load again; keep staged files shows what was read");
        }
    }

    private RedshiftRefusedRows Search() => new(this, _runner, url => Statement(url, isManifest: false) with { LeavesOutErrors = true });

    private Task AnalyzeBatchesAsync(CancellationToken ct) =>
        _target.Staging.CopyPerBatch && Stage.Files > 0 ? _target.AnalyzeAsync(Table, ct) : Task.CompletedTask;

    // A COPY that failed for its data: the first bad row ends the load, or there are too many.
    private async Task ExplainAsync(RedshiftFault fault, List<RedshiftPart> parts, RefusedRow refused, CancellationToken ct)
    {
        if (!fault.NamesErrorView)
        {
            return;
        }

        var errors = await ErrorsAsync(_runner.CopyId, _settings.StopsAtRefusal ? 1 : RedshiftCopyStatement.MostErrors, ct).ConfigureAwait(false);
        if (!_settings.StopsAtRefusal)
        {
            var most = errors.GroupBy(error => (error.Code, error.Reason, error.Column)).MaxBy(group => group.Count())?.First();
            var reason = most is null ? "" : $"{(most.Column is null ? "" : $"column {Identifier.Display(most.Column)}: ")}{most.Message}";
            throw errors.Count < RedshiftCopyStatement.MostErrors - 1
                ? new TargetException(
                    $"Loading {Table} failed, nothing was loaded: {fault.Text}" + (most is null ? "" : $"; the views tell of {errors.Count} refused rows, most of them for: {reason}"))
                : new TargetException(
                    string.Create(CultureInfo.InvariantCulture, $"Loading {Table} failed, nothing was loaded: {RedshiftCopyStatement.MostErrors:N0} rows or more were refused, and COPY leaves out fewer than that; ")
                    + $"most of them for: {reason}",
                    "often a separator, an encoding or the order of columns is wrong; else load the file in pieces");
        }

        var search = Search();
        if (errors.Count > 0)
        {
            var left = await search.LookUpAsync(parts, errors, errors.Count, ct).ConfigureAwait(false)
                ?? await TryAsync(search, parts, errors, ct).ConfigureAwait(false);
            await ReportAsync(left, refused, ct).ConfigureAwait(false);
        }
    }

    // In the order of the source, each with its row as it was staged.
    private async Task ReportAsync(List<RedshiftRefusedRow> left, RefusedRow refused, CancellationToken ct)
    {
        var reports = new List<(RowOrigin Origin, ServerRefusal Why, byte[] Row)>();
        foreach (var part in left.GroupBy(row => row.Part))
        {
            var rows = part.OrderBy(row => row.Row).ToList();
            var origins = part.Key.FindOrigins(rows.ConvertAll(row => row.Row));
            var texts = new List<byte[]>(rows.Count);
            await Stage.ReadAsync(part.Key, records =>
            {
                if (texts.Count < rows.Count && records.Row == rows[texts.Count].Row)
                {
                    var text = new RowBuffer(1024, int.MaxValue);
                    RedshiftRecords.WriteCopyText(records.Record.Span, _marker, text);
                    texts.Add(text.Written.ToArray());
                }
            }, ct).ConfigureAwait(false);
            reports.AddRange(rows.Select((row, i) => (origins[i], row.ToRefusal(), texts[i])));
        }

        foreach (var (origin, why, row) in reports.OrderBy(report => report.Origin.Input).ThenBy(report => report.Origin.Line))
        {
            refused(
                new Rejection
                {
                    Origin = origin,
                    Stage = RejectStage.Server,
                    Message = why.Message,
                    Column = why.Column,
                    SqlState = why.SqlState,
                },
                row);
        }
    }

    private sealed class Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}

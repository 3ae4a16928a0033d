using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Targets.Redshift;

/// <summary>One table's load: writers stage their rows, then one COPY loads them all or none.</summary>
internal sealed class RedshiftTableLoad : ITableLoad
{
    private const int Attempts = 5;
    private const long DefaultPartBytes = 64L << 20;

    // Larger plain files would be cut by the server, and line numbers lose their meaning.
    private const long MostPlainBytes = 100L << 20;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly RedshiftTarget _target;
    private readonly TableLoadSettings _settings;
    private readonly StagingArea _area;
    private readonly string _folder;
    private readonly byte[] _marker;
    private readonly List<RedshiftPart> _parts = [];
    private readonly Lock _gate = new();
    private readonly RedshiftCopyRunner _runner;
    private volatile bool _needsMarker;
    private int _staged;

    public RedshiftTableLoad(RedshiftTarget target, TableLoadSettings settings, StagingArea area, string folder)
    {
        _target = target;
        _settings = settings;
        _area = area;
        _folder = folder;
        _marker = DrawMarker();
        _runner = new RedshiftCopyRunner(target, settings.Table);
    }

    public QualifiedName Table => _settings.Name;

    public Compression Compression => _target.Staging.Compression;

    public ITableLoader OpenLoader(int writer) => new RedshiftStagingLoader(this);

    public RedshiftRowEncoder CreateEncoder() => new(_target.Columns(_settings), _marker);

    /// <summary>A text that no value has but by an accident of one in 10^18: it stands for NULL.</summary>
    public static byte[] DrawMarker() => Encoding.ASCII.GetBytes("~" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 12));

    /// <summary>A row holds NULL, or what COPY would take for it.</summary>
    public void NeedMarker() => _needsMarker = true;

    public Task<RedshiftPart> CreatePartAsync(bool hasLineBreaks, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        RedshiftOrigins origins;
        try
        {
            origins = new RedshiftOrigins(Path.GetTempPath());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TargetException($"No temporary file can be made in {Path.GetTempPath()}: {e.Message}", "TMPDIR names another folder", e);
        }

        var part = new RedshiftPart(_area.CreatePart(NextName("csv")), origins, hasLineBreaks);
        lock (_gate)
        {
            _parts.Add(part);
        }

        return Task.FromResult(part);
    }

    public bool IsFull(RedshiftPart part) => Compression == Compression.None
        ? part.PlainBytes >= Math.Min(_target.Staging.PartBytes ?? DefaultPartBytes, MostPlainBytes)
        : part.CompressedBytes >= (_target.Staging.PartBytes ?? DefaultPartBytes);

    public RedshiftCopyStatement Statement(string source, bool isManifest) => new()
    {
        Table = Table,
        Columns = _settings.Columns,
        Source = source,
        IsManifest = isManifest,
        Compression = Compression,
        NullMarker = _needsMarker ? Encoding.ASCII.GetString(_marker) : null,
        ExplicitIds = RedshiftTarget.LoadsIdentity(_settings.Table, _settings.Columns),
        IsOwner = _settings.Table.IsOwner,
        LeavesOutErrors = !_settings.StopsAtRefusal,
        Region = _area.Region,
    };

    public async Task CompleteAsync(RefusedRow refused, CancellationToken ct)
    {
        var parts = _parts.Where(part => part.Rows > 0).ToList();
        await Task.WhenAll(parts.Select(part => part.CompleteAsync(ct))).ConfigureAwait(false);
        if (parts.Count == 0)
        {
            return;
        }

        var manifest = await _area.PutAsync(NextName("manifest"), Manifest(parts), ct).ConfigureAwait(false);
        await CopyAsync(Statement(manifest.Url, isManifest: true), parts, refused, ct).ConfigureAwait(false);
        await _target.AnalyzeAsync(Table, ct).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.RollbackAsync().ConfigureAwait(false);
        foreach (var part in _parts)
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads a staged file back.</summary>
    public async Task ReadAsync(RedshiftPart part, Action<RedshiftRecords> visit, CancellationToken ct)
    {
        var stored = await _area.OpenReadAsync(part.Object, ct).ConfigureAwait(false);
        await using var closing = stored.ConfigureAwait(false);
        Stream plain = Compression switch
        {
            Compression.Gzip => new GZipStream(stored, CompressionMode.Decompress),
            Compression.Zstd => new ZstdSharp.DecompressionStream(stored),
            _ => stored,
        };
        await using var closingPlain = plain.ConfigureAwait(false);
        var records = new RedshiftRecords(plain);
        while (await records.ReadAsync(ct).ConfigureAwait(false))
        {
            visit(records);
        }
    }

    /// <summary>Stages some rows of a file once more, as a file of their own.</summary>
    public async Task<StagedObject> StageAgainAsync(RedshiftPart part, Func<long, bool> isWanted, CancellationToken ct)
    {
        var again = _area.CreatePart(NextName("csv"));
        await using var closing = again.ConfigureAwait(false);
        var rows = new ArrayBufferWriter<byte>();
        await ReadAsync(part, records =>
        {
            if (isWanted(records.Row))
            {
                rows.Write(records.Record.Span);
            }
        }, ct).ConfigureAwait(false);
        await again.WriteAsync(rows.WrittenMemory, ct).ConfigureAwait(false);
        return await again.CompleteAsync(ct).ConfigureAwait(false);
    }

    public Task DeleteAsync(StagedObject staged, CancellationToken ct) => _area.DeleteAsync([staged], ct);

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
                    var errors = await ErrorsAsync(missing, ct).ConfigureAwait(false);
                    var search = new RedshiftRefusedRows(this, _runner);
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

    private Task<IReadOnlyList<RedshiftLoadError>> ErrorsAsync(long expected, CancellationToken ct) =>
        new RedshiftLoadErrors(_target).ReadAsync(_runner.CopyId, $"s3://{_area.Bucket}/{_area.RunPrefix}{_folder}/", expected, ct);

    // A COPY that failed for its data: the first bad row ends the load, or there are too many.
    private async Task ExplainAsync(RedshiftFault fault, List<RedshiftPart> parts, RefusedRow refused, CancellationToken ct)
    {
        if (!fault.NamesErrorView)
        {
            return;
        }

        var errors = await ErrorsAsync(_settings.StopsAtRefusal ? 1 : RedshiftCopyStatement.MostErrors, ct).ConfigureAwait(false);
        if (!_settings.StopsAtRefusal)
        {
            var most = errors.GroupBy(error => (error.Code, error.Reason, error.Column)).MaxBy(group => group.Count())?.First();
            throw new TargetException(
                string.Create(CultureInfo.InvariantCulture, $"Loading {Table} failed, nothing was loaded: {RedshiftCopyStatement.MostErrors} rows or more were refused, and COPY leaves out no more than that")
                + (most is null ? "" : $"; most of them for: {(most.Column is null ? "" : $"column {Identifier.Display(most.Column)}: ")}{most.Message}"),
                "often a separator, an encoding or the order of columns is wrong; else load the file in pieces");
        }

        var search = new RedshiftRefusedRows(this, _runner);
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
        var reports = new List<(RowOrigin Origin, RedshiftLoadError? Error, byte[] Row)>();
        foreach (var part in left.GroupBy(row => row.Part))
        {
            var rows = part.OrderBy(row => row.Row).ToList();
            var origins = part.Key.Origins(rows.ConvertAll(row => row.Row));
            var texts = new List<byte[]>(rows.Count);
            await ReadAsync(part.Key, records =>
            {
                if (texts.Count < rows.Count && records.Row == rows[texts.Count].Row)
                {
                    var text = new RowBuffer(1024, int.MaxValue);
                    RedshiftRecords.WriteCopyText(records.Record.Span, _needsMarker ? _marker : [], text);
                    texts.Add(text.Written.ToArray());
                }
            }, ct).ConfigureAwait(false);
            reports.AddRange(rows.Select((row, i) => (origins[i], row.Error, texts[i])));
        }

        foreach (var (origin, error, row) in reports.OrderBy(report => report.Origin.Input).ThenBy(report => report.Origin.Line))
        {
            refused(
                new Rejection
                {
                    Origin = origin,
                    Stage = RejectStage.Server,
                    Message = error?.Message ?? "the server refused the row, and its error views do not say why",
                    Column = error?.Column,
                    SqlState = error?.SqlState ?? "XX000",
                },
                row);
        }
    }

    private string NextName(string kind)
    {
        var number = Interlocked.Increment(ref _staged).ToString("D6", CultureInfo.InvariantCulture);
        var suffix = kind == "manifest" ? "manifest" : Compression switch { Compression.Gzip => "csv.gz", Compression.Zstd => "csv.zst", _ => "csv" };
        return $"{_folder}/{number}.{suffix}";
    }

    // https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
    private static byte[] Manifest(List<RedshiftPart> parts)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray("entries");
            foreach (var part in parts)
            {
                json.WriteStartObject();
                json.WriteString("url", part.Object.Url);
                json.WriteBoolean("mandatory", true);
                json.WriteStartObject("meta");
                json.WriteNumber("content_length", part.Object.Bytes);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}

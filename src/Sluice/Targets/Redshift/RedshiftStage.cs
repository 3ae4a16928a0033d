using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Locations.S3;

namespace Sluice.Targets.Redshift;

/// <summary>The staged files of one table's load. Thread-safe but for the parts.</summary>
internal sealed class RedshiftStage : IAsyncDisposable
{
    // Larger plain files would be cut by the server, and line numbers lose their meaning.
    private const long MostPlainBytes = 100L << 20;

    private readonly StagingArea _area;
    private readonly string _folder;
    private readonly StagingOptions _options;
    private readonly RedshiftOpenParts _open;
    private readonly List<RedshiftPart> _parts = [];
    private readonly Lock _gate = new();
    private int _staged;

    public RedshiftStage(StagingArea area, string folder, StagingOptions options, int slices)
    {
        _area = area;
        _folder = folder;
        _options = options;
        _open = new RedshiftOpenParts(slices, CreatePart);
    }

    /// <summary>How many files were begun.</summary>
    public int Files => _staged;

    /// <summary><c>s3://bucket/…/</c>: what all of them begin with.</summary>
    public string Folder => $"s3://{_area.Bucket}/{_area.RunPrefix}{_folder}/";

    public string Region => _area.Region;

    /// <summary>pgloader's files are plain.</summary>
    public Compression Compression => _options.CopyPerBatch ? Compression.None : _options.Compression;

    /// <summary>Adds a batch's rows to one of the files that are open; a full one is ended while others are written.</summary>
    /// <exception cref="TargetException">A file was lost: the load cannot go on.</exception>
    public async Task AppendAsync(RedshiftLane rows, RowBatch batch, bool hasLineBreaks, CancellationToken ct)
    {
        var part = _open.Take(hasLineBreaks);
        await part.AppendAsync(rows, batch, ct).ConfigureAwait(false);
        var isFull = IsFull(part);
        if (isFull)
        {
            await ThrowIfLostAsync().ConfigureAwait(false);
            part.BeginToComplete();
        }

        _open.PutBack(part, isFull);
    }

    /// <summary>Ends all files; gives those that hold rows.</summary>
    public async Task<List<RedshiftPart>> CompleteAsync(CancellationToken ct)
    {
        var parts = _parts.Where(part => part.Rows > 0).ToList();
        await Task.WhenAll(parts.Select(part => part.CompleteAsync(ct))).ConfigureAwait(false);
        return parts;
    }

    /// <summary>https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html</summary>
    public Task<StagedObject> PutManifestAsync(List<RedshiftPart> parts, CancellationToken ct) => _area.PutAsync(NextName("manifest"), Manifest(parts), ct);

    /// <summary>Puts a batch as it is.</summary>
    public Task<StagedObject> PutBatchAsync(ReadOnlyMemory<byte> csv, CancellationToken ct) => _area.PutAsync(NextName("csv"), csv, ct);

    /// <summary>Reads a staged file back.</summary>
    /// <exception cref="BatchRetryException">The file broke off.</exception>
    public async Task ReadAsync(RedshiftPart part, Action<RedshiftRecords> visit, CancellationToken ct)
    {
        try
        {
            await TryReadAsync(part, visit, ct).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new BatchRetryException($"Reading {part.Object.Url} again broke off: {e.Message}", e);
        }
    }

    /// <summary>Stages some rows of a file once more, as a file of their own.</summary>
    public async Task<StagedObject> StageAgainAsync(RedshiftPart part, Func<long, bool> isWanted, CancellationToken ct)
    {
        var rows = new ArrayBufferWriter<byte>();
        await ReadAsync(part, records =>
        {
            if (isWanted(records.Row))
            {
                rows.Write(records.Record.Span);
            }
        }, ct).ConfigureAwait(false);
        if (_options.CopyPerBatch)
        {
            return await PutBatchAsync(rows.WrittenMemory, ct).ConfigureAwait(false);
        }

        var again = _area.CreatePart(NextName("csv"));
        await using var closing = again.ConfigureAwait(false);
        await again.WriteAsync(rows.WrittenMemory, ct).ConfigureAwait(false);
        return await again.CompleteAsync().WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Deletes a file that is not needed any more; what cannot be deleted now is tried again at the end of the run.</summary>
    public async Task DeleteAsync(StagedObject staged, CancellationToken ct)
    {
        try
        {
            await _area.DeleteAsync([staged], ct).ConfigureAwait(false);
        }
        catch (TargetException)
        {
            // The run's end says what is left.
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts)
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    private RedshiftPart CreatePart(bool hasLineBreaks)
    {
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

        return part;
    }

    private bool IsFull(RedshiftPart part)
    {
        var full = _options.PartBytes ?? _open.FullBytes;
        return Compression == Compression.None ? part.PlainBytes >= Math.Min(full, MostPlainBytes) : part.CompressedBytes >= full;
    }

    private async Task ThrowIfLostAsync()
    {
        RedshiftPart? lost;
        lock (_gate)
        {
            lost = _parts.Find(part => part.IsLost);
        }

        if (lost is not null)
        {
            await lost.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private string NextName(string kind)
    {
        var number = Interlocked.Increment(ref _staged).ToString("D6", CultureInfo.InvariantCulture);
        var suffix = kind == "manifest" ? "manifest" : Compression switch { Compression.Gzip => "csv.gz", Compression.Zstd => "csv.zst", _ => "csv" };
        return $"{_folder}/{number}.{suffix}";
    }

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

    private async Task TryReadAsync(RedshiftPart part, Action<RedshiftRecords> visit, CancellationToken ct)
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
}

using System.IO.Compression;
using Amazon.S3.Model;

namespace Sluice.Targets.Redshift;

/// <summary>
/// One staged file while it is written: compressed, cut into pieces and uploaded from memory, several pieces at once. Not thread-safe. Dispose
/// before <see cref="CompleteAsync"/> leaves no trace of it in the bucket.
/// </summary>
internal sealed class StagedPart : IAsyncDisposable
{
    // Compressed at once; what it adds to a buffer stays below the buffer's slack.
    private const int SliceBytes = 128 << 10;

    private const int ZstdLevel = 1;

    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(20);

    private readonly StagingStore _store;
    private readonly StagingUploads _uploads;
    private readonly string _key;
    private readonly StagingSink _sink;
    private readonly Stream _compressor;
    private readonly CancellationTokenSource _stop;
    private readonly List<Task<UploadPartResponse>> _pieces = [];
    private string? _uploadId;
    private long _uploadedBytes;
    private bool _isDone;

    public StagedPart(StagingStore store, StagingUploads uploads, string key, Compression compression, CancellationToken stop)
    {
        _store = store;
        _uploads = uploads;
        _key = key;
        _sink = new StagingSink(uploads);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _compressor = compression switch
        {
            Compression.Gzip => new GZipStream(_sink, CompressionLevel.Fastest, leaveOpen: true),
            Compression.Zstd => new ZstdSharp.CompressionStream(_sink, ZstdLevel, leaveOpen: true),
            _ => _sink,
        };
    }

    /// <summary>Bytes written so far, as given.</summary>
    public long PlainBytes { get; private set; }

    /// <summary>Bytes that came out so far; the compressor may hold back some more.</summary>
    public long CompressedBytes => _uploadedBytes + _sink.Length;

    /// <summary>Waits while as many uploads are under way as there may be.</summary>
    /// <exception cref="Diagnostics.TargetException">An upload failed: this file is lost.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> csv, CancellationToken ct)
    {
        while (!csv.IsEmpty)
        {
            var slice = csv[..Math.Min(csv.Length, SliceBytes)];
            _compressor.Write(slice.Span);
            PlainBytes += slice.Length;
            csv = csv[slice.Length..];
            if (_sink.Length >= StagingUploads.PartBytes)
            {
                await StartPieceAsync(ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the file: it is in the bucket when the task has ended.</summary>
    /// <exception cref="Diagnostics.TargetException">An upload failed: this file is lost.</exception>
    public async Task<StagedObject> CompleteAsync(CancellationToken ct)
    {
        if (_compressor != _sink)
        {
            await _compressor.DisposeAsync().ConfigureAwait(false);
        }

        if (_uploadId is null)
        {
            await PutWholeAsync(ct).ConfigureAwait(false);
        }
        else
        {
            if (_sink.Length > 0)
            {
                await StartPieceAsync(ct).ConfigureAwait(false);
            }

            var responses = await Task.WhenAll(_pieces).WaitAsync(ct).ConfigureAwait(false);
            await _store.CompleteUploadAsync(_key, _uploadId, responses, _uploadedBytes, ct).ConfigureAwait(false);
        }

        _isDone = true;
        return new StagedObject(_key, _store.UrlOf(_key), _uploadedBytes);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDone)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_pieces).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
            if (_uploadId is not null)
            {
                using var limit = new CancellationTokenSource(AbortTimeout);
                if (!await _store.TryAbortUploadAsync(_key, _uploadId, limit.Token).ConfigureAwait(false))
                {
                    _uploads.NoteLeft(_key);
                }
            }
        }

        _isDone = true;
        if (_compressor != _sink)
        {
            await _compressor.DisposeAsync().ConfigureAwait(false); // which may still write a last block
        }

        await _sink.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task PutWholeAsync(CancellationToken ct)
    {
        var content = _sink.Detach();
        try
        {
            await _uploads.EnterAsync(ct).ConfigureAwait(false);
            try
            {
                await _store.PutAsync(_key, content.AsMemory(), ct).ConfigureAwait(false);
                _uploadedBytes = content.Count;
            }
            finally
            {
                _uploads.Leave();
            }
        }
        finally
        {
            _uploads.Return(content.Array!); // a segment of an array
        }
    }

    private async Task StartPieceAsync(CancellationToken ct)
    {
        if (_pieces.FirstOrDefault(piece => piece.IsFaulted || piece.IsCanceled) is { } failed)
        {
            await failed.ConfigureAwait(false);
        }

        _uploadId ??= await _store.BeginUploadAsync(_key, ct).ConfigureAwait(false);
        await _uploads.EnterAsync(ct).ConfigureAwait(false);
        var content = _sink.Detach();
        _uploadedBytes += content.Count;
        var (uploadId, number) = (_uploadId, _pieces.Count + 1);
        _pieces.Add(Task.Run(() => PutPieceAsync(uploadId, number, content), CancellationToken.None)); // signing it is work too
    }

    private async Task<UploadPartResponse> PutPieceAsync(string uploadId, int number, ArraySegment<byte> content)
    {
        try
        {
            return await _store.PutPartAsync(_key, uploadId, number, content.AsMemory(), _stop.Token).ConfigureAwait(false);
        }
        finally
        {
            _uploads.Leave();
            _uploads.Return(content.Array!); // a segment of an array
        }
    }
}

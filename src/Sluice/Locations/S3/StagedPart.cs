using System.IO.Compression;
using Amazon.S3.Model;

namespace Sluice.Locations.S3;

/// <summary>
/// One staged file while it is written: compressed, cut into pieces and uploaded from memory, several pieces at once. Not thread-safe. Dispose
/// before <see cref="CompleteAsync"/> leaves no trace of it in the bucket.
/// </summary>
internal sealed class StagedPart : IAsyncDisposable
{
    // Compressed at once: a piece grows beyond its size by no more than what that gives.
    private const int SliceBytes = 128 << 10;

    // From here on the file is uploaded in pieces: the upload is begun while the first one fills.
    private const int NearlyPart = StagingUploads.PartBytes - (1 << 20);

    private const int ZstdLevel = 1;

    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(20);

    private readonly StagingStore _store;
    private readonly StagingUploads _uploads;
    private readonly string _key;
    private readonly StagingSink _sink;
    private readonly Stream _compressor;
    private readonly CancellationTokenSource _stop;
    private readonly List<Task<UploadPartResponse>> _pieces = [];
    private Task<string>? _beginning;
    private Task<StagedObject>? _completion;
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

    /// <summary>Bytes that no upload has taken over yet.</summary>
    public long HeldBytes => _sink.Length;

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
            else if (_sink.Length >= NearlyPart)
            {
                BeginUpload();
            }
        }
    }

    /// <summary>Ends the file: it is in the bucket when the task has ended. Only dispose stops it.</summary>
    /// <exception cref="Diagnostics.TargetException">An upload failed: this file is lost.</exception>
    public Task<StagedObject> CompleteAsync() => _completion ??= FinishAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        if (!_isDone)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await EndAsync(_completion).ConfigureAwait(false);
            await EndAsync(Task.WhenAll(_pieces)).ConfigureAwait(false);
            await EndAsync(_beginning).ConfigureAwait(false);
            await AbortAsync().ConfigureAwait(false);
        }

        _isDone = true;
        if (_compressor != _sink)
        {
            await _compressor.DisposeAsync().ConfigureAwait(false); // which may still write a last block
        }

        await _sink.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private static Task EndAsync(Task? task) =>
        task?.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default) ?? Task.CompletedTask;

    private async Task AbortAsync()
    {
        if (_isDone || _beginning is not { IsCompletedSuccessfully: true } begun)
        {
            return;
        }

        using var limit = new CancellationTokenSource(AbortTimeout);
        if (!await _store.TryAbortUploadAsync(_key, await begun.ConfigureAwait(false), limit.Token).ConfigureAwait(false))
        {
            _uploads.NoteLeft(_key);
        }
    }

    private async Task<StagedObject> FinishAsync(CancellationToken ct)
    {
        if (_compressor != _sink)
        {
            await _compressor.DisposeAsync().ConfigureAwait(false);
        }

        if (_beginning is null)
        {
            await PutWholeAsync(ct).ConfigureAwait(false);
        }
        else
        {
            if (_sink.Length > 0)
            {
                await StartPieceAsync(ct).ConfigureAwait(false);
            }

            var responses = await Task.WhenAll(_pieces).ConfigureAwait(false);
            await _store.CompleteUploadAsync(_key, await _beginning.ConfigureAwait(false), responses, _uploadedBytes, ct).ConfigureAwait(false);
        }

        _isDone = true;
        return new StagedObject(_key, _store.UrlOf(_key), _uploadedBytes);
    }

    private async Task PutWholeAsync(CancellationToken ct)
    {
        var content = _sink.Detach();
        try
        {
            await _uploads.EnterAsync(ct).ConfigureAwait(false);
            try
            {
                await _store.PutAsync(_key, content.Open, ct).ConfigureAwait(false);
                _uploadedBytes = content.Bytes;
            }
            finally
            {
                _uploads.Leave();
            }
        }
        finally
        {
            _uploads.Return(content);
        }
    }

    private async Task StartPieceAsync(CancellationToken ct)
    {
        if (_pieces.FirstOrDefault(piece => piece.IsFaulted || piece.IsCanceled) is { } failed)
        {
            await failed.ConfigureAwait(false);
        }

        BeginUpload();
        var uploadId = await _beginning!.WaitAsync(ct).ConfigureAwait(false); // it has begun
        await _uploads.EnterAsync(ct).ConfigureAwait(false);
        var content = _sink.Detach();
        _uploadedBytes += content.Bytes;
        var number = _pieces.Count + 1;
        _pieces.Add(Task.Run(() => PutPieceAsync(uploadId, number, content), CancellationToken.None)); // signing it is work too
    }

    // Not stopped: an upload whose id never arrived could not be aborted.
    private void BeginUpload() => _beginning ??= Task.Run(() => _store.BeginUploadAsync(_key, CancellationToken.None), CancellationToken.None);

    private async Task<UploadPartResponse> PutPieceAsync(string uploadId, int number, StagingPiece content)
    {
        try
        {
            return await _store.PutPartAsync(_key, uploadId, number, content.Open, _stop.Token).ConfigureAwait(false);
        }
        finally
        {
            _uploads.Leave();
            _uploads.Return(content);
        }
    }
}

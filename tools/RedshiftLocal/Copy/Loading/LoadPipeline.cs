using System.Collections.Immutable;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy.S3;
using RedshiftLocal.Copy.Values;

namespace RedshiftLocal.Copy.Loading;

/// <summary>Several workers read and parse files; one writer sends their rows to the backing server in one COPY.</summary>
internal sealed class LoadPipeline(LoadState state, S3Reader store, TimeProvider clock)
{
    private Exception? _failure;
    private int _nextFile = -1;

    /// <summary>Returns when all rows are written, the trailer included; throws what went wrong first.</summary>
    public async Task RunAsync(ImmutableArray<LoadFile> files, ICopyIn? target, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var count = Math.Max(1, Math.Min(Math.Min(state.Options.Workers, state.Options.Slices), files.Length));
        var writing = Guard(() => WriteAsync(target, stop.Token), stop);
        var reading = Enumerable.Range(0, count).Select(_ => Guard(
            () => Task.Run(() => new FileWorker(state, store, clock).RunAsync(() => NextFile(files), stop.Token), stop.Token), stop)).ToList();
        await Task.WhenAll(reading);
        state.Full.Writer.Complete();
        await writing;
        while (state.Free.Reader.TryRead(out var buffer) || state.Full.Reader.TryRead(out buffer))
        {
            buffer.Dispose();
        }

        ct.ThrowIfCancellationRequested();
        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private LoadFile? NextFile(ImmutableArray<LoadFile> files)
    {
        var index = Interlocked.Increment(ref _nextFile);
        return index < files.Length ? files[index] : null;
    }

    // Writes are not canceled: a message half sent could not be taken back.
    private async Task WriteAsync(ICopyIn? target, CancellationToken ct)
    {
        if (target is not null)
        {
            await target.WriteAsync(RowBuffer.Header, CancellationToken.None);
        }

        await foreach (var buffer in state.Full.Reader.ReadAllAsync(ct))
        {
            if (target is not null)
            {
                await target.WriteAsync(buffer.Written, CancellationToken.None);
            }

            buffer.Clear();
            state.Free.Writer.TryWrite(buffer);
        }

        if (target is not null)
        {
            await target.WriteAsync(RowBuffer.Trailer, CancellationToken.None);
        }
    }

    /// <summary>The first failure stops the others; what they then throw is not looked at.</summary>
    private async Task Guard(Func<Task> run, CancellationTokenSource stop)
    {
        try
        {
            await run();
        }
        catch (Exception exception)
        {
            if (exception is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                Interlocked.CompareExchange(ref _failure, exception, null);
            }

            await stop.CancelAsync();
        }
    }
}

using System.Collections.Concurrent;

namespace Sluice.Targets.Redshift;

/// <summary>What all uploads of a run share: how many are under way at once, and their buffers.</summary>
internal sealed class StagingUploads(int concurrency) : IDisposable
{
    /// <summary>The smallest part that S3 takes before the last one.</summary>
    public const int PartBytes = 5 << 20;

    // What one slice of input may add to a buffer that was not full yet.
    private const int SlackBytes = 256 << 10;

    private readonly SemaphoreSlim _slots = new(concurrency);
    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly ConcurrentBag<string> _left = [];

    /// <summary>Keys whose upload could not be aborted: its parts are still stored.</summary>
    public IReadOnlyCollection<string> Left => _left;

    public byte[] Rent() => _free.TryTake(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(PartBytes + SlackBytes);

    /// <summary>Takes a buffer back; one that had to grow is not kept.</summary>
    public void Return(byte[] buffer)
    {
        if (buffer.Length == PartBytes + SlackBytes)
        {
            _free.Add(buffer);
        }
    }

    /// <summary>Waits until one more upload may start. Each is ended by <see cref="Leave"/>.</summary>
    public Task EnterAsync(CancellationToken ct) => _slots.WaitAsync(ct);

    public void Leave() => _slots.Release();

    public void NoteLeft(string key) => _left.Add(key);

    public void Dispose() => _slots.Dispose();
}

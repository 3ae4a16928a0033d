using System.Collections.Concurrent;

namespace Sluice.Locations.S3;

/// <summary>What all uploads of a run share: how many are under way at once, and their memory.</summary>
internal sealed class StagingUploads(int concurrency) : IDisposable
{
    /// <summary>The smallest part that S3 takes before the last one.</summary>
    public const int PartBytes = 5 << 20;

    public const int BlockBytes = 256 << 10;

    private readonly SemaphoreSlim _slots = new(concurrency);
    private readonly ConcurrentStack<byte[]> _free = [];
    private readonly ConcurrentBag<string> _left = [];

    /// <summary>Keys whose upload could not be aborted: its parts are still stored.</summary>
    public IReadOnlyCollection<string> Left => _left;

    public byte[] Rent() => _free.TryPop(out var block) ? block : GC.AllocateUninitializedArray<byte>(BlockBytes);

    public void Return(StagingPiece piece)
    {
        foreach (var block in piece.Blocks)
        {
            _free.Push(block);
        }
    }

    /// <summary>Waits until one more upload may start. Each is ended by <see cref="Leave"/>.</summary>
    public Task EnterAsync(CancellationToken ct) => _slots.WaitAsync(ct);

    public void Leave() => _slots.Release();

    public void NoteLeft(string key) => _left.Add(key);

    public void Dispose() => _slots.Dispose();
}

using System.Text;
using Sluice.Batches;
using Sluice.Targets;

namespace Sluice.Tests.Runs;

/// <summary>A server in memory for faults that a real one will not produce on demand. Rows are lines of COPY text.</summary>
internal sealed class FakeLoader : ITableLoader
{
    private readonly List<string> _pending = [];
    private int _guarded;

    public List<string> Committed { get; } = [];

    /// <summary>Rows that are refused when they are copied.</summary>
    public Func<string, bool> IsBad { get; set; } = _ => false;

    /// <summary>Rows that are refused at the commit, or when deferred constraints are checked.</summary>
    public Func<string, bool> IsBadLate { get; set; } = _ => false;

    /// <summary>Whether a refusal names the row.</summary>
    public bool NamesRows { get; set; } = true;

    /// <summary>Thrown by the next commits, in order; null commits.</summary>
    public Queue<(Exception Fault, bool CommitsAnyway)> CommitFaults { get; } = new();

    public int Copies { get; private set; }

    public int LookUps { get; private set; }

    /// <summary>What the server says it inserted, when it is asked.</summary>
    public long? InsertedRows { get; set; }

    /// <summary>Whether the server has room for this writer.</summary>
    public bool HasRoom { get; set; } = true;

    public Task<bool> TryConnectAsync(CancellationToken ct) => Task.FromResult(HasRoom);

    private bool LastCommitted { get; set; }

    public Task BeginAsync(CancellationToken ct)
    {
        _pending.Clear();
        LastCommitted = false;
        return Task.CompletedTask;
    }

    public Task CopyAsync(RowRange rows, CancellationToken ct) => CopyAsync(rows.Bytes);

    public Task CopyGuardedAsync(RowRange rows, bool checkDeferred, CancellationToken ct) => CopyTextGuardedAsync(rows.Bytes, checkDeferred, ct);

    public async Task CopyTextGuardedAsync(ReadOnlyMemory<byte> row, bool checkDeferred, CancellationToken ct)
    {
        _guarded = _pending.Count;
        await CopyAsync(row);
        if (checkDeferred && Lines(row).Any(IsBadLate))
        {
            _pending.RemoveRange(_guarded, _pending.Count - _guarded);
            throw Refusal(null, "23503");
        }
    }

    public Task CommitAsync(bool beginNext, CancellationToken ct)
    {
        if (CommitFaults.TryDequeue(out var next))
        {
            LastCommitted = next.CommitsAnyway;
            Committed.AddRange(next.CommitsAnyway ? _pending : []);
            throw next.Fault;
        }

        if (_pending.Any(IsBadLate))
        {
            throw Refusal(null, "23503");
        }

        Committed.AddRange(_pending);
        return Task.CompletedTask;
    }

    public Task RollbackAsync(CancellationToken ct)
    {
        _pending.Clear();
        return Task.CompletedTask;
    }

    public Task<bool> WasCommittedAsync(CancellationToken ct)
    {
        LookUps++;
        return Task.FromResult(LastCommitted);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task CopyAsync(ReadOnlyMemory<byte> rows)
    {
        Copies++;
        var lines = Lines(rows);
        Refuse(lines, IsBad);
        _pending.AddRange(lines);
        return Task.CompletedTask;
    }

    private static string[] Lines(ReadOnlyMemory<byte> rows) => Encoding.UTF8.GetString(rows.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static RowsRefusedException Refusal(int? row, string sqlState) =>
        new(new ServerRefusal { Row = row, SqlState = sqlState, Message = "refused" }, new InvalidOperationException());

    private void Refuse(string[] lines, Func<string, bool> isBad)
    {
        var row = Array.FindIndex(lines, line => isBad(line));
        if (row >= 0)
        {
            throw Refusal(NamesRows ? row : null, "22P02");
        }
    }
}

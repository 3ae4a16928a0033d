using System.Text;
using Sluice.Batches;

namespace Sluice.Tests.Sources;

/// <summary>Keeps rows, rejects and skips as text. Asks for a flush after every third row.</summary>
internal sealed class CollectingRowWriter : RowWriter
{
    private readonly List<string?> _row = [];
    private bool _needsFlush;

    public List<string?[]> Rows { get; } = [];

    public List<RowOrigin> Origins { get; } = [];

    public List<(Rejection Rejection, byte[] Source)> Rejects { get; } = [];

    public int Skipped { get; private set; }

    public int Flushes { get; private set; }

    /// <summary>One line a row: fields between bars, NULL as a dash.</summary>
    public string[] Lines => [.. Rows.Select(r => string.Join('|', r.Select(f => f is null ? "-" : f.Length == 0 ? "''" : f)))];

    public string[] RejectedText => [.. Rejects.Select(r => Encoding.UTF8.GetString(r.Source))];

    public override void WriteNull()
    {
        Assert.False(_needsFlush, "a field is written although a flush was asked for");
        _row.Add(null);
    }

    public override void WriteText(ReadOnlySpan<byte> utf8)
    {
        Assert.False(_needsFlush, "a field is written although a flush was asked for");
        Assert.True(System.Text.Unicode.Utf8.IsValid(utf8), "a field is not valid UTF-8");
        _row.Add(Encoding.UTF8.GetString(utf8));
    }

    public override bool EndRow(in RowOrigin origin)
    {
        Rows.Add([.. _row]);
        Origins.Add(origin);
        _row.Clear();
        _needsFlush = Rows.Count % 3 == 0;
        return _needsFlush;
    }

    public override void AbandonRow() => _row.Clear();

    public override ValueTask FlushAsync(CancellationToken ct)
    {
        _needsFlush = false;
        Flushes++;
        return ValueTask.CompletedTask;
    }

    public override ValueTask CompleteAsync(CancellationToken ct) => ValueTask.CompletedTask;

    public override void Reject(Rejection rejection, ReadOnlySpan<byte> source)
    {
        Assert.Empty(_row);
        Rejects.Add((rejection, source.ToArray()));
    }

    public override void Skip() => Skipped++;
}

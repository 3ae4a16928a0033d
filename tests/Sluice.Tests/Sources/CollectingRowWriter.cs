using System.Text;
using Sluice.Batches;

namespace Sluice.Tests.Sources;

/// <summary>Keeps rows, rejects and skips as text. Asks for a flush after every third row.</summary>
internal sealed class CollectingRowWriter : RowWriter
{
    private readonly List<string?> _row = [];
    private readonly List<byte> _line = [];
    private readonly byte[] _space = new byte[7];
    private bool _needsFlush;
    private bool _isEncoded;
    private RowOrigin _encodedOrigin;

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

    /// <summary>Rows that came ready-made.</summary>
    public int EncodedRows { get; private set; }

    public override ValueTask BeginEncodedAsync(RowEncoding encoding, RowOrigin first, CancellationToken ct)
    {
        Assert.Equal((RowEncoding.CopyText, false), (encoding, _isEncoded));
        _isEncoded = true;
        _encodedOrigin = first;
        return ValueTask.CompletedTask;
    }

    public override Memory<byte> EncodedSpace()
    {
        Assert.True(_isEncoded && !_needsFlush, "room is asked for though rows are not ready-made, or a flush was asked for");
        return _space;
    }

    public override bool AdvanceEncoded(int bytes)
    {
        foreach (var b in _space.AsSpan(0, bytes))
        {
            _line.Add(b);
            if (b == '\n')
            {
                TakeLine();
            }
        }

        return _needsFlush;
    }

    public override bool EndEncoded()
    {
        Assert.True(_isEncoded && _line.Count == 0, "ready-made rows end in the middle of one");
        _isEncoded = false;
        return true;
    }

    // Each line is spelled as a server reads it: the escapes that COPY TO writes and no others.
    private void TakeLine()
    {
        var line = Encoding.UTF8.GetString([.. _line])[..^1];
        _line.Clear();
        Assert.DoesNotContain('\r', line);
        Rows.Add([.. line.Split('\t').Select(field => field == "\\N" ? null : System.Text.RegularExpressions.Regex.Replace(field, @"\\(.?)", match => match.Groups[1].Value switch
        {
            "b" => "\b",
            "f" => "\f",
            "n" => "\n",
            "r" => "\r",
            "t" => "\t",
            "v" => "\v",
            "\\" => "\\",
            var other => throw new InvalidOperationException($"\\{other} is no escape that may be relayed"),
        }, System.Text.RegularExpressions.RegexOptions.Singleline))]);
        Origins.Add(_encodedOrigin);
        _encodedOrigin = _encodedOrigin with { Line = _encodedOrigin.Line + 1 };
        EncodedRows++;
        _needsFlush |= Rows.Count % 3 == 0;
    }

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

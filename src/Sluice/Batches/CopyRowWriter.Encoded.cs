// hot path
using System.Globalization;

namespace Sluice.Batches;

/// <content>Rows that come in the encoding of COPY: they are put into the batch as they are, and only their ends are looked for.</content>
public sealed partial class CopyRowWriter
{
    /// <summary>What one read is given room for at least.</summary>
    private const int EncodedSpaceBytes = BufferSizes.SlackBytes / 2;

    private bool _isEncoded;
    private EncodedRowScanner _scanner;

    /// <summary>Where the row at hand begins in the buffer; the scanner counts from there.</summary>
    private int _rowStart;

    /// <summary>Of the row at hand; counts up.</summary>
    private RowOrigin _origin;

    /// <summary>The row at hand has more than the most bytes: it is read past, and set aside when its end is found.</summary>
    private bool _isPastRow;

    public override async ValueTask BeginEncodedAsync(RowEncoding encoding, RowOrigin first, CancellationToken ct)
    {
        if (_current!.Encoding != encoding) // As in EndRow.
        {
            HandOn(ref _current);
            _outlet.Return(ref _current);
            _current = await _outlet.RentAsync(encoding, ct).ConfigureAwait(false);
        }

        _isBinary = encoding == RowEncoding.CopyBinary;
        _isEncoded = true;
        _isPastRow = false;
        _scanner = new EncodedRowScanner(encoding);
        _origin = first;
        TargetCurrent();
        _rowStart = _target.Position;
    }

    public override Memory<byte> EncodedSpace() => _target.GetMemory(EncodedSpaceBytes);

    public override bool AdvanceEncoded(int bytes)
    {
        _target.Advance(bytes);
        return TakeRows();
    }

    public override bool EndEncoded()
    {
        var isWhole = !_isPastRow && (_scanner.IsAtEnd || _target.Position == _rowStart);
        _current!.AbandonRow(); // As in EndRow.
        _isEncoded = false;
        _isPastRow = false;
        return isWhole;
    }

    // Complete rows of the buffer become rows of the batch, until it is full. What is left is the beginning of the next one.
    private bool TakeRows()
    {
        var batch = _current!; // As in EndRow.
        while (true)
        {
            var end = _scanner.FindEnd(_target.Written[_rowStart..]);
            if (end < 0)
            {
                PassLongRow();
                return false;
            }

            _read++;
            _scanner.Forget(end);
            if (_isPastRow || end > _maxRowBytes)
            {
                DropLongRow(end);
            }
            else
            {
                _rowStart += end;
                batch.EndRow(_origin, _rowStart);
            }

            _origin = _origin with { Line = _origin.Line + 1 };
            if (_outlet.IsFull(batch))
            {
                return true;
            }
        }
    }

    private void PassLongRow()
    {
        var pending = _target.Position - _rowStart;
        if (pending <= _maxRowBytes && !_isPastRow)
        {
            return;
        }

        _isPastRow = true;
        var needless = _scanner.Needless(pending);
        _target.Remove(_rowStart, needless);
        _scanner.Forget(needless);
    }

    private void DropLongRow(int end)
    {
        _target.Remove(_rowStart, end);
        _isPastRow = false;
        _rejected++;
        ReportCounts();
        _options.Rejects.RejectRecord(
            new Rejection
            {
                Origin = _origin,
                Stage = RejectStage.Project,
                Message = string.Create(CultureInfo.InvariantCulture, $"The row is longer than max row size ({_maxRowBytes:N0} bytes)."),
            },
            []);
    }

    // The rows behind a full batch move into the next one; there may be enough of them to fill that too.
    private async ValueTask FlushEncodedAsync(CancellationToken ct)
    {
        do
        {
            var full = _current!; // As in EndRow.
            var next = await _outlet.RentAsync(full.Encoding, ct).ConfigureAwait(false);
            var rest = full.Buffer.Written[_rowStart..];
            rest.CopyTo(next.Buffer.GetSpan(rest.Length));
            next.Buffer.Advance(rest.Length);
            full.Buffer.Position = _rowStart;
            HandOn(ref _current);
            _current = next;
            _rowStart = 0;
            TargetCurrent();
        }
        while (TakeRows());
    }
}

// hot path
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sluice.Diagnostics;

namespace Sluice.Batches;

/// <summary>
/// Encodes rows for COPY: binary where the client can prove that the server would store the same value, else text. A row with one odd
/// value is diverted to a text batch; with <see cref="CopyRowWriterOptions.PreserveOrder"/> its whole batch becomes text.
/// </summary>
public sealed partial class CopyRowWriter : RowWriter, IDisposable
{
    /// <summary>Diverted rows travel with every so many binary batches, so that their rejects show early.</summary>
    private const int BinaryBatchesPerDiverted = 8;

    private readonly CopyRowWriterOptions _options;
    private readonly BatchOutlet _outlet;
    private readonly BinaryColumn[] _columns;
    private readonly long _maxRowBytes;

    /// <summary>An odd row while it is written; it gets into a batch when it is complete.</summary>
    private readonly RowBuffer _oddRow = new(BufferSizes.SlackBytes, keptBytes: 1 << 20);
    private readonly OddColumns _oddColumns;

    private RowBatch? _current;
    private RowBatch? _diverted;

    /// <summary>What fields are written into: the current batch's buffer or the odd row.</summary>
    private RowBuffer _target;
    private bool _isBinary;
    private bool _isRowBinary;
    private int _field;
    private long _rowBytes;
    private int _tooLongColumn = -1;

    /// <summary>An odd row that waits for <see cref="FlushAsync"/> to find it a batch.</summary>
    private bool _hasPendingRow;
    private RowOrigin _pendingOrigin;

    /// <summary>Rows that were binary or odd; those of a batch that was turned into text are not looked at.</summary>
    private long _judgedRows;
    private int _binaryBatches;
    private long _read;
    private long _skipped;
    private long _rejected;

    private CopyRowWriter(CopyRowWriterOptions options)
    {
        _options = options;
        _outlet = new BatchOutlet(options);
        _columns = [.. options.Columns.Select(c => new BinaryColumn(c))];
        _oddColumns = new OddColumns(_columns.Length);
        _maxRowBytes = Math.Min(options.MaxRowBytes, BufferSizes.MaxRowBytes);
        _isBinary = !options.TextOnly && _columns.Length is > 0 and <= short.MaxValue && !_outlet.Types.Contains(BinaryType.None);
        _isRowBinary = _isBinary;
        _target = _oddRow;
    }

    /// <summary>Whether rows go as binary at present; a column with many odd values ends it for good.</summary>
    public bool IsBinary => _isBinary;

    /// <summary>A writer with its first batch; waits until the pool has one.</summary>
    public static async ValueTask<CopyRowWriter> CreateAsync(CopyRowWriterOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchRows, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchBytes, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxRowBytes, nameof(options));
        var writer = new CopyRowWriter(options);
        await writer.RentCurrentAsync(ct).ConfigureAwait(false);
        return writer;
    }

    public override void WriteNull()
    {
        if ((_rowBytes += 1) > _maxRowBytes)
        {
            StopRow();
            return;
        }

        BeginField();
        if (_isRowBinary)
        {
            BinaryPrimitives.WriteInt32BigEndian(_target.GetSpan(sizeof(int)), -1);
            _target.Advance(sizeof(int));
        }
        else
        {
            "\\N"u8.CopyTo(_target.GetSpan(2));
            _target.Advance(2);
        }

        _field++;
    }

    public override void WriteText(ReadOnlySpan<byte> utf8)
    {
        if ((_rowBytes += utf8.Length + 1L) > _maxRowBytes)
        {
            StopRow();
            return;
        }

        BeginField();
        if (!_isRowBinary)
        {
            CopyText.WriteField(_target, utf8);
        }
        else if (!BinaryEncoder.TryWriteField(_target, in _columns[_field], utf8))
        {
            Divert(utf8);
        }

        _field++;
    }

    public override bool EndRow(in RowOrigin origin)
    {
        if (_field != _columns.Length || _hasPendingRow)
        {
            throw new InvalidOperationException(_hasPendingRow
                ? "A full writer was written to before it was flushed."
                : $"A row of {_columns.Length} columns was written with {_field} fields.");
        }

        _read++;
        _field = 0;
        if (_rowBytes > _maxRowBytes)
        {
            RejectLongRow(origin);
            return false;
        }

        _rowBytes = 0;
        var batch = _current!; // A writer has a batch from its creation to its completion.
        if (_target != batch.Buffer)
        {
            return EndOddRow(origin);
        }

        if (_isRowBinary)
        {
            _judgedRows++;
        }
        else
        {
            _target.GetSpan(1)[0] = (byte)'\n';
            _target.Advance(1);
        }

        batch.EndRow(origin);
        return _outlet.IsFull(batch);
    }

    public override void AbandonRow()
    {
        if (_hasPendingRow)
        {
            // That row is complete, and no other was begun.
            return;
        }

        _current?.AbandonRow();
        _oddRow.Reset();
        _field = 0;
        _rowBytes = 0;
        _tooLongColumn = -1;
        TargetCurrent();
    }

    public override async ValueTask FlushAsync(CancellationToken ct)
    {
        if (_isEncoded)
        {
            await FlushEncodedAsync(ct).ConfigureAwait(false);
            return;
        }

        if (_hasPendingRow)
        {
            await PlacePendingRowAsync(ct).ConfigureAwait(false);
        }

        if (_diverted is not null && _outlet.IsFull(_diverted))
        {
            HandOn(ref _diverted);
        }

        if (_current is not null && _outlet.IsFull(_current))
        {
            if (_current.Encoding == RowEncoding.CopyBinary && ++_binaryBatches % BinaryBatchesPerDiverted == 0)
            {
                HandOn(ref _diverted);
            }

            HandOn(ref _current);
        }

        if (_current is null)
        {
            await RentCurrentAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>Hands on what is left. The writer cannot be used after that.</summary>
    public override async ValueTask CompleteAsync(CancellationToken ct)
    {
        Debug.Assert(_field == 0, "the last row is ended or abandoned");
        if (_hasPendingRow)
        {
            await PlacePendingRowAsync(ct).ConfigureAwait(false);
        }

        HandOn(ref _current);
        HandOn(ref _diverted);
        Dispose();
        ReportCounts();
    }

    public override void Reject(Rejection rejection, ReadOnlySpan<byte> source)
    {
        AbandonRow();
        _read++;
        _rejected++;
        // The limits on rejects are judged by these counts.
        ReportCounts();
        _options.Rejects.RejectRecord(rejection, source);
    }

    public override void Skip()
    {
        _read++;
        _skipped++;
    }

    /// <summary>Returns the batches that were not handed on; their rows are lost unless <see cref="CompleteAsync"/> came first.</summary>
    public void Dispose()
    {
        _outlet.Return(ref _current);
        _outlet.Return(ref _diverted);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BeginField()
    {
        if (_isRowBinary)
        {
            if (_field == 0)
            {
                BinaryPrimitives.WriteInt16BigEndian(_target.GetSpan(sizeof(short)), (short)_columns.Length);
                _target.Advance(sizeof(short));
            }
        }
        else if (_field > 0)
        {
            _target.GetSpan(1)[0] = (byte)'\t';
            _target.Advance(1);
        }
    }

    /// <summary>The row at hand goes on as text, from the fields before this one to the last.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Divert(ReadOnlySpan<byte> utf8)
    {
        var batch = _current!; // As in EndRow.
        var tuple = batch.Buffer.Written[batch.EncodedBytes..];
        BinaryRowDecoder.WriteFields(tuple, _outlet.Types, _oddRow);
        batch.AbandonRow();
        _oddColumns.Add(_field);
        _target = _oddRow;
        _isRowBinary = false;
        if (_field > 0)
        {
            _oddRow.GetSpan(1)[0] = (byte)'\t';
            _oddRow.Advance(1);
        }

        CopyText.WriteField(_oddRow, utf8);
    }

    /// <summary>The row has more than the most bytes: its fields are counted from here on, not kept.</summary>
    private void StopRow()
    {
        _tooLongColumn = _tooLongColumn < 0 ? _field : _tooLongColumn;
        _field++;
    }

    private void RejectLongRow(in RowOrigin origin)
    {
        var column = _options.Columns[_tooLongColumn].Name;
        AbandonRow();
        _rejected++;
        ReportCounts();
        var rejection = new Rejection
        {
            Origin = origin,
            Stage = RejectStage.Project,
            Column = column,
            Message = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"The row is longer than max row size ({_maxRowBytes:N0} bytes): the limit is crossed in column {Printable.Escape(column)}."),
        };
        _options.Rejects.RejectRecord(rejection, []);
    }

    private bool EndOddRow(in RowOrigin origin)
    {
        _oddRow.GetSpan(1)[0] = (byte)'\n';
        _oddRow.Advance(1);
        var givesUp = _oddColumns.AreTooMany(++_judgedRows);
        if (givesUp || _options.PreserveOrder || _diverted is null)
        {
            _isBinary = _isBinary && !givesUp;
            _hasPendingRow = true;
            _pendingOrigin = origin;
            return true;
        }

        AppendOddRow(_diverted, origin);
        TargetCurrent();
        return _outlet.IsFull(_diverted);
    }

    private async ValueTask PlacePendingRowAsync(CancellationToken ct)
    {
        if (_options.PreserveOrder)
        {
            var text = await _outlet.RentAsync(RowEncoding.CopyText, ct).ConfigureAwait(false);
            text.AppendAsText(_current!); // As in EndRow.
            _outlet.Return(ref _current);
            _current = text;
            AppendOddRow(text, _pendingOrigin);
        }
        else
        {
            _diverted ??= await _outlet.RentAsync(RowEncoding.CopyText, ct).ConfigureAwait(false);
            AppendOddRow(_diverted, _pendingOrigin);
            if (!_isBinary)
            {
                HandOn(ref _current);
                _outlet.Return(ref _current);
                (_current, _diverted) = (_diverted, null);
            }
        }

        _hasPendingRow = false;
        TargetCurrent();
    }

    private void AppendOddRow(RowBatch batch, in RowOrigin origin)
    {
        var row = _oddRow.Written;
        row.CopyTo(batch.Buffer.GetSpan(row.Length));
        batch.Buffer.Advance(row.Length);
        batch.EndRow(origin);
        _oddRow.Reset();
    }

    private void TargetCurrent()
    {
        _target = _current?.Buffer ?? _oddRow;
        _isRowBinary = _current?.Encoding == RowEncoding.CopyBinary;
    }

    private async ValueTask RentCurrentAsync(CancellationToken ct)
    {
        _current = await _outlet.RentAsync(_isBinary ? RowEncoding.CopyBinary : RowEncoding.CopyText, ct).ConfigureAwait(false);
        TargetCurrent();
    }

    private void HandOn(ref RowBatch? batch)
    {
        ReportCounts();
        _outlet.HandOn(ref batch);
        TargetCurrent();
    }

    private void ReportCounts()
    {
        if (_read > 0)
        {
            _options.Counted(_read, _skipped, _rejected);
            _read = _skipped = _rejected = 0;
        }
    }
}

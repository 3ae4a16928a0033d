// hot path
using System.Buffers.Binary;

namespace Sluice.Batches;

/// <content>Values that come as they are, not as text: into a binary row without a spelling in between.</content>
public sealed partial class CopyRowWriter
{    /// <summary>A number is not taken for longer than this; one that is too close to the limit goes the way of text.</summary>
    private const int MaxNumberBytes = 64;

    public override void WriteInteger(long value)
    {
        if (_isRowBinary && _rowBytes + MaxNumberBytes <= _maxRowBytes && BinaryNumber.Fits(value, _columns[_field].Type))
        {
            BeginField();
            _rowBytes += BinaryNumber.Write(_target, value, _columns[_field].Type);
            _field++;
            return;
        }

        base.WriteInteger(value);
    }

    public override void WriteDouble(double value)
    {
        if (_isRowBinary && _rowBytes + MaxNumberBytes <= _maxRowBytes && BinaryNumber.Fits(value, _columns[_field].Type))
        {
            BeginField();
            _rowBytes += BinaryNumber.Write(_target, value, _columns[_field].Type);
            _field++;
            return;
        }

        base.WriteDouble(value);
    }

    public override void WriteBytes(ReadOnlySpan<byte> value)
    {
        if (_isRowBinary && _rowBytes + value.Length + 1 <= _maxRowBytes && _columns[_field].Type == BinaryType.Bytea)
        {
            BeginField();
            _rowBytes += value.Length + 1;
            var room = _target.GetSpan(sizeof(int) + value.Length);
            BinaryPrimitives.WriteInt32BigEndian(room, value.Length);
            value.CopyTo(room[sizeof(int)..]);
            _target.Advance(sizeof(int) + value.Length);
            _field++;
            return;
        }

        base.WriteBytes(value);
    }
}

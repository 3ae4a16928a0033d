// hot path
namespace Sluice.Batches;

/// <summary>
/// The origins of a batch's rows in eight bytes each: distances of line and offset from a base, and a new base wherever a distance
/// does not fit or another input begins.
/// </summary>
internal sealed class RowOrigins
{
    private readonly List<(int FirstRow, RowOrigin Base)> _bases = [];
    private ulong[] _distances = [];
    private RowOrigin _base;
    private int _count;

    public RowOrigin this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_count, nameof(row));
            var low = 0;
            var high = _bases.Count - 1;
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                (low, high) = _bases[middle].FirstRow <= row ? (middle, high) : (low, middle - 1);
            }

            var origin = _bases[low].Base;
            var distance = _distances[row];
            return origin with { Line = origin.Line + (long)(distance >> 32), ByteOffset = origin.ByteOffset + (uint)distance };
        }
    }

    public void Add(in RowOrigin origin)
    {
        if (_count == _distances.Length)
        {
            Array.Resize(ref _distances, Math.Max(64, _distances.Length * 2));
        }

        var lines = (ulong)(origin.Line - _base.Line);
        var bytes = (ulong)(origin.ByteOffset - _base.ByteOffset);
        if (_count == 0 || origin.Input != _base.Input || ((lines | bytes) >> 32) != 0)
        {
            _base = origin;
            _bases.Add((_count, origin));
            lines = bytes = 0;
        }

        _distances[_count++] = (lines << 32) | bytes;
    }

    public void Clear()
    {
        _count = 0;
        _bases.Clear();
    }
}

namespace RedshiftLocal.Copy.Bzip2;

/// <summary>Sorts all rotations of a block by doubling the length that is compared, so that repetitive data takes no longer.</summary>
internal sealed class RotationSort(int capacity)
{
    private readonly int[] _order = new int[capacity];
    private readonly int[] _shifted = new int[capacity];
    private readonly int[] _counts = new int[Math.Max(capacity, 256) + 1];
    private int[] _classes = new int[capacity];
    private int[] _newClasses = new int[capacity];

    /// <summary>Where the rotations start, in their order; valid until the next call.</summary>
    public ReadOnlySpan<int> Sort(ReadOnlySpan<byte> block)
    {
        var length = block.Length;
        for (var i = 0; i < length; i++)
        {
            _shifted[i] = i;
            _classes[i] = block[i];
        }

        Place(length, 256);
        var classes = Classify(length, (first, second) => _classes[first] == _classes[second]);
        for (var compared = 1; compared < length && classes < length; compared *= 2)
        {
            for (var i = 0; i < length; i++)
            {
                var start = _order[i] - compared;
                _shifted[i] = start < 0 ? start + length : start;
            }

            Place(length, classes);
            var half = compared;
            classes = Classify(
                length,
                (first, second) => _classes[first] == _classes[second] && _classes[(first + half) % length] == _classes[(second + half) % length]);
        }

        return _order.AsSpan(0, length);
    }

    /// <summary>Puts the shifted rotations in the order of their classes, those of one class in the order they have.</summary>
    private void Place(int length, int classes)
    {
        _counts.AsSpan(0, classes + 1).Clear();
        for (var i = 0; i < length; i++)
        {
            _counts[_classes[i] + 1]++;
        }

        for (var i = 1; i <= classes; i++)
        {
            _counts[i] += _counts[i - 1];
        }

        for (var i = 0; i < length; i++)
        {
            _order[_counts[_classes[_shifted[i]]]++] = _shifted[i];
        }
    }

    private int Classify(int length, Func<int, int, bool> same)
    {
        var count = 0;
        for (var i = 0; i < length; i++)
        {
            if (i > 0 && !same(_order[i - 1], _order[i]))
            {
                count++;
            }

            _newClasses[_order[i]] = count;
        }

        (_classes, _newClasses) = (_newClasses, _classes);
        return count + 1;
    }
}

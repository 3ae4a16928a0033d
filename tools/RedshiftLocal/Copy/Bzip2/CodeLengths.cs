namespace RedshiftLocal.Copy.Bzip2;

/// <summary>Huffman codes of limited length for the symbols of one block.</summary>
internal static class CodeLengths
{
    private const int Longest = 17;

    /// <summary>A length for each symbol of the alphabet, also for those that do not occur.</summary>
    public static byte[] Of(List<short> symbols, int alphabet)
    {
        var weights = new long[alphabet];
        foreach (var symbol in symbols)
        {
            weights[symbol]++;
        }

        for (var i = 0; i < alphabet; i++)
        {
            weights[i] = Math.Max(1, weights[i]);
        }

        while (true)
        {
            var lengths = Build(weights);
            if (lengths.Max() <= Longest)
            {
                return lengths;
            }

            for (var i = 0; i < alphabet; i++)
            {
                weights[i] = (weights[i] / 2) + 1;
            }
        }
    }

    /// <summary>The canonical codes of these lengths.</summary>
    public static uint[] Codes(byte[] lengths)
    {
        var codes = new uint[lengths.Length];
        uint code = 0;
        for (var length = 1; length <= Longest; length++)
        {
            code <<= 1;
            for (var symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == length)
                {
                    codes[symbol] = code++;
                }
            }
        }

        return codes;
    }

    private static byte[] Build(long[] weights)
    {
        var queue = new PriorityQueue<int, long>();
        var parents = new int[weights.Length * 2];
        for (var i = 0; i < weights.Length; i++)
        {
            queue.Enqueue(i, weights[i]);
        }

        var next = weights.Length;
        while (queue.Count > 1)
        {
            queue.TryDequeue(out var first, out var weight);
            queue.TryDequeue(out var second, out var otherWeight);
            parents[first] = next;
            parents[second] = next;
            queue.Enqueue(next++, weight + otherWeight);
        }

        var root = next - 1;
        var lengths = new byte[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            for (var node = i; node != root; node = parents[node])
            {
                lengths[i]++;
            }
        }

        return lengths;
    }
}

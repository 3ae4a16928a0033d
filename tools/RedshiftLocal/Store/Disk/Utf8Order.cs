namespace RedshiftLocal.Store.Disk;

/// <summary>The order of keys in listings: that of their UTF-8 bytes.</summary>
internal sealed class Utf8Order : IComparer<StoredObject>
{
    public static Utf8Order Instance { get; } = new();

    public static int Compare(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            if (left[i] != right[i])
            {
                return Rank(left[i]) - Rank(right[i]);
            }
        }

        return left.Length - right.Length;
    }

    public int Compare(StoredObject? x, StoredObject? y) => Compare(x!.Key, y!.Key);

    // Surrogates stand for characters behind U+FFFF.
    private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}

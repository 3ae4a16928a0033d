using System.Collections.Immutable;
using RedshiftLocal.Store.Disk;

namespace RedshiftLocal.Store.Operations;

/// <summary>One page of keys: objects and common prefixes in byte order.</summary>
/// <remarks>Last: The last key or prefix of the page; null when it is empty.</remarks>
internal sealed record KeyListing(
    IReadOnlyList<StoredObject> Objects, IReadOnlyList<string> Prefixes, bool IsTruncated, string? Last)
{
    /// <summary>Lists what lies behind <paramref name="after"/>; a common prefix that equals it was listed already.</summary>
    public static KeyListing Read(ImmutableSortedSet<StoredObject> all, string prefix, string delimiter, string after, int limit)
    {
        var objects = new List<StoredObject>();
        var prefixes = new List<string>();
        string? last = null;
        var index = Math.Max(Bucket.IndexOf(all, prefix), after.Length == 0 ? 0 : IndexBehind(all, after));
        while (index < all.Count && all[index].Key.StartsWith(prefix, StringComparison.Ordinal))
        {
            var key = all[index].Key;
            var end = delimiter.Length == 0 ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            var common = end < 0 ? null : key[..(end + delimiter.Length)];
            if (common is not null && common == after)
            {
                index = IndexBehindPrefix(all, common, index);
                continue;
            }

            if (objects.Count + prefixes.Count >= limit)
            {
                return new KeyListing(objects, prefixes, IsTruncated: limit > 0, last);
            }

            if (common is null)
            {
                objects.Add(all[index]);
                last = key;
                index++;
            }
            else
            {
                prefixes.Add(common);
                last = common;
                index = IndexBehindPrefix(all, common, index);
            }
        }

        return new KeyListing(objects, prefixes, IsTruncated: false, last);
    }

    private static int IndexBehind(ImmutableSortedSet<StoredObject> all, string key)
    {
        var index = Bucket.IndexOf(all, key);
        return index < all.Count && all[index].Key == key ? index + 1 : index;
    }

    private static int IndexBehindPrefix(ImmutableSortedSet<StoredObject> all, string prefix, int from)
    {
        var (low, high) = (from, all.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = all[middle].Key.StartsWith(prefix, StringComparison.Ordinal) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

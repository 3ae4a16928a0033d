// hot path
namespace Sluice.Batches;

/// <summary>Counts which columns send rows into text, to give binary up where it does not pay.</summary>
internal sealed class OddColumns(int columns)
{
    /// <summary>Too early to judge before this many rows.</summary>
    private const int MinRows = 1_000;

    /// <summary>Up to one row in this many is normal.</summary>
    private const int NormalShare = 20;

    private readonly long[] _counts = new long[columns];

    public void Add(int column) => _counts[column]++;

    public bool AreTooMany(long rows)
    {
        if (rows < MinRows)
        {
            return false;
        }

        foreach (var count in _counts)
        {
            if (count * NormalShare > rows)
            {
                return true;
            }
        }

        return false;
    }
}

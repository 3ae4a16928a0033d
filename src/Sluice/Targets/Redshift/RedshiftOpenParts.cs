namespace Sluice.Targets.Redshift;

/// <summary>
/// Which file rows go to. Some are written side by side, each about as large as the others, so that in the end slices have equal shares; and
/// they are small at first, so that all slices have one even when the load is small. Thread-safe; who takes a file has it alone until it is
/// put back.
/// </summary>
/// <param name="slices">Of the cluster.</param>
/// <param name="create">Begins a file, for rows with line breaks or without.</param>
internal sealed class RedshiftOpenParts(int slices, Func<bool, RedshiftPart> create)
{
    // A file that is open holds a buffer of 5 MB.
    private const int MostSideBySide = 4;

    // https://docs.aws.amazon.com/redshift/latest/dg/c_best-practices-use-multiple-files.html: 1 MB to 1 GB, compressed
    private const long LeastBytes = 1 << 20;
    private const long FirstBytes = 8 << 20;
    private const int LastDoubling = 3;

    private readonly int _round = SideBySide(slices);
    private readonly Lock _gate = new();
    private readonly List<RedshiftPart> _idle = [];
    private int _opened;
    private int _closed;

    /// <summary>The size at which a file is full: twice that of the files before when each slice has had one of these; 64 MB at most.</summary>
    public long FullBytes => FirstBytes << Math.Min(Volatile.Read(ref _closed) / slices, LastDoubling);

    /// <summary>How many files are written side by side: a divisor of the slices, where they have one that fits.</summary>
    public static int SideBySide(int slices) => slices < MostSideBySide ? slices : slices % MostSideBySide == 0 || slices % 3 != 0 ? MostSideBySide : 3;

    public RedshiftPart Take(bool hasLineBreaks)
    {
        lock (_gate)
        {
            // A round ends when all of its files are full: the next one begins only then.
            var mayOpen = _opened < ((_closed / _round) + 1) * _round;
            var next = Next(_idle.FindAll(part => part.HasLineBreaks == hasLineBreaks));
            if (next is not null && (!mayOpen || next.CompressedBytes < LeastBytes))
            {
                _idle.Remove(next);
                return next;
            }

            _opened++;
        }

        return create(hasLineBreaks);
    }

    /// <param name="part">From <see cref="Take"/>.</param>
    /// <param name="isFull">It takes no more rows.</param>
    public void PutBack(RedshiftPart part, bool isFull)
    {
        lock (_gate)
        {
            if (isFull)
            {
                _closed++;
            }
            else
            {
                _idle.Add(part);
            }
        }
    }

    // The smallest; once pieces are uploaded, the one whose piece is nearest to its end, so that few buffers are in use.
    private static RedshiftPart? Next(List<RedshiftPart> parts) => parts.Exists(part => part.CompressedBytes > part.HeldBytes)
        ? parts.OrderByDescending(part => part.HeldBytes).ThenBy(part => part.CompressedBytes).First()
        : parts.MinBy(part => part.PlainBytes);
}

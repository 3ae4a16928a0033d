namespace Sluice.Sources;

/// <summary>Counts the bytes that a reader takes in, and tells of them now and then rather than at each value.</summary>
/// <param name="told">Is given the bytes since it was last called; null: nobody asks.</param>
internal sealed class ReadBytes(Action<long>? told)
{
    private const int Often = 1 << 20;

    private long _bytes;

    public void Add(int bytes)
    {
        _bytes += bytes;
        if (_bytes >= Often)
        {
            Tell();
        }
    }

    /// <summary>Tells of what is left, at the end.</summary>
    public void Tell()
    {
        told?.Invoke(_bytes);
        _bytes = 0;
    }
}

// hot path
namespace RedshiftLocal.Copy.Records;

/// <summary>Where the fields of one record are. More than its capacity are counted, not kept.</summary>
internal sealed class FieldTable(int capacity, byte quote)
{
    private readonly Place[] _places = new Place[capacity];
    private byte[] _scratch = [];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <param name="start">Counted from the record's first byte.</param>
    /// <param name="length">Without the quotes around it.</param>
    /// <param name="quoted">It stood in quotes.</param>
    /// <param name="doubled">It holds doubled quotes.</param>
    public void Add(int start, int length, bool quoted, bool doubled)
    {
        if (Count < _places.Length)
        {
            _places[Count] = new Place(start, length, quoted, doubled);
        }

        Count++;
    }

    public bool IsQuoted(int index) => _places[index].Quoted;

    /// <summary>The field with doubled quotes made single; valid until the next call.</summary>
    public ReadOnlySpan<byte> Value(int index, ReadOnlySpan<byte> record)
    {
        ref readonly var place = ref _places[index];
        var raw = record.Slice(place.Start, place.Length);
        return place.Doubled ? Undouble(raw) : raw;
    }

    private ReadOnlySpan<byte> Undouble(ReadOnlySpan<byte> raw)
    {
        if (_scratch.Length < raw.Length)
        {
            _scratch = new byte[Math.Max(256, raw.Length * 2)];
        }

        var length = 0;
        while (true)
        {
            var found = raw.IndexOf(quote);
            if (found < 0)
            {
                raw.CopyTo(_scratch.AsSpan(length));
                return _scratch.AsSpan(0, length + raw.Length);
            }

            raw[..(found + 1)].CopyTo(_scratch.AsSpan(length));
            length += found + 1;
            raw = raw[(found + 2)..];
        }
    }

    private readonly record struct Place(int Start, int Length, bool Quoted, bool Doubled);
}

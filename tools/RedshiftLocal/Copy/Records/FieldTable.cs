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
    /// <param name="coding">What is to be undone in it.</param>
    public void Add(int start, int length, bool quoted, FieldCoding coding)
    {
        if (Count < _places.Length)
        {
            _places[Count] = new Place(start, length, quoted, coding);
        }

        Count++;
    }

    public bool IsQuoted(int index) => _places[index].Quoted;

    /// <summary>The field differs from what is written.</summary>
    public bool IsCoded(int index) => _places[index].Coding != FieldCoding.Plain;

    /// <summary>The field as it stands in the record.</summary>
    public ReadOnlySpan<byte> Written(int index, ReadOnlySpan<byte> record) => record.Slice(_places[index].Start, _places[index].Length);

    /// <summary>The field with doubled quotes made single, or without escape characters; valid until the next call.</summary>
    public ReadOnlySpan<byte> Value(int index, ReadOnlySpan<byte> record)
    {
        ref readonly var place = ref _places[index];
        var raw = record.Slice(place.Start, place.Length);
        return place.Coding switch
        {
            FieldCoding.Doubled => Undo(raw, quote),
            FieldCoding.Escaped => Undo(raw, (byte)'\\'),
            _ => raw,
        };
    }

    /// <summary>Leaves the mark out and keeps what follows it, which for quotes is the same.</summary>
    private ReadOnlySpan<byte> Undo(ReadOnlySpan<byte> raw, byte mark)
    {
        if (_scratch.Length < raw.Length)
        {
            _scratch = new byte[Math.Max(256, raw.Length * 2)];
        }

        var length = 0;
        while (true)
        {
            var found = raw.IndexOf(mark);
            if (found < 0)
            {
                raw.CopyTo(_scratch.AsSpan(length));
                return _scratch.AsSpan(0, length + raw.Length);
            }

            raw[..found].CopyTo(_scratch.AsSpan(length));
            length += found;
            _scratch[length++] = raw[found + 1];
            raw = raw[(found + 2)..];
        }
    }

    private readonly record struct Place(int Start, int Length, bool Quoted, FieldCoding Coding);
}

internal enum FieldCoding
{
    Plain,

    /// <summary>It holds doubled quotes.</summary>
    Doubled,

    /// <summary>It holds escape characters.</summary>
    Escaped,
}

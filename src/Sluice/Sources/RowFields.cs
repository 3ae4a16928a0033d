// hot path
using System.Buffers;
using Sluice.Casts;

namespace Sluice.Sources;

/// <summary>The fields of the record at hand, after unescaping and their rules. Each is worked out when first asked for.</summary>
internal sealed class RowFields(TextField[] slots, IFieldUnescape? unescape, FieldRule?[] rules) : IRowFields
{
    private const int KeptScratchBytes = 1 << 20;

    private readonly Value[] _values = new Value[rules.Length];
    private ArrayBufferWriter<byte> _unescaped = new();
    private ArrayBufferWriter<byte> _transformed = new();
    private byte[] _bytes = [];
    private byte[] _arena = new byte[256];
    private int _arenaUsed;
    private int _start;
    private int _count;

    private enum Place : byte
    {
        Unknown,
        Null,
        Buffer,
        Arena,
    }

    /// <summary>The field whose rule is being applied; for messages.</summary>
    public int Current { get; private set; } = -1;

    /// <summary>Moves on to the record that begins at <paramref name="start"/> in the read buffer and fills so many slots.</summary>
    public void Load(byte[] bytes, int start, int count)
    {
        _bytes = bytes;
        _start = start;
        _count = count;
        _arenaUsed = 0;
        Current = -1;
        _values.AsSpan().Clear();
        if (_arena.Length > KeptScratchBytes || _unescaped.Capacity > KeptScratchBytes || _transformed.Capacity > KeptScratchBytes)
        {
            _arena = new byte[256];
            _unescaped = new ArrayBufferWriter<byte>();
            _transformed = new ArrayBufferWriter<byte>();
        }
    }

    public bool IsNull(int field) => Get(field).Place == Place.Null;

    public ReadOnlySpan<byte> Text(int field)
    {
        var value = Get(field);
        return value.Place switch
        {
            Place.Null => [],
            Place.Buffer => _bytes.AsSpan(value.Start, value.Length),
            _ => _arena.AsSpan(value.Start, value.Length),
        };
    }

    private Value Get(int field)
    {
        if (_values[field].Place == Place.Unknown)
        {
            Current = field;
            _values[field] = Evaluate(field);
            Current = -1;
        }

        return _values[field];
    }

    private Value Evaluate(int index)
    {
        if (index >= _count || slots[index].Kind == TextFieldKind.Null)
        {
            return Value.Null;
        }

        var field = slots[index];
        var value = new Value(Place.Buffer, _start + field.Start, field.Length);
        if (field.Kind == TextFieldKind.Escaped)
        {
            _unescaped.ResetWrittenCount();
            unescape!.Write(_bytes.AsSpan(value.Start, value.Length), _unescaped); // who finds escapes can undo them
            value = Keep(_unescaped.WrittenSpan);
        }

        return rules[index] is { } rule ? Apply(rule, value) : value;
    }

    private Value Apply(FieldRule rule, Value value)
    {
        var text = (value.Place == Place.Buffer ? _bytes : _arena).AsSpan(value.Start, value.Length);
        if (rule.IsNull(text))
        {
            return Value.Null;
        }

        var (start, length) = rule.Trim(text);
        value = value with { Start = value.Start + start, Length = length };
        if (rule.DateFormat is null)
        {
            return value;
        }

        _transformed.ResetWrittenCount();
        return rule.DateFormat(text.Slice(start, length), _transformed) switch
        {
            FieldResult.Null => Value.Null,
            FieldResult.Replaced => Keep(_transformed.WrittenSpan),
            _ => value,
        };
    }

    // A grown arena leaves the old array to those who still hold a span of it.
    private Value Keep(ReadOnlySpan<byte> text)
    {
        if (text.Length > _arena.Length - _arenaUsed)
        {
            Array.Resize(ref _arena, (int)Math.Min(Array.MaxLength, Math.Max(_arena.Length * 2L, (long)_arenaUsed + text.Length)));
        }

        text.CopyTo(_arena.AsSpan(_arenaUsed));
        var value = new Value(Place.Arena, _arenaUsed, text.Length);
        _arenaUsed += text.Length;
        return value;
    }

    private readonly record struct Value(Place Place, int Start, int Length)
    {
        public static Value Null => new(Place.Null, 0, 0);
    }
}

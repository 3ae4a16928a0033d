using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace RedshiftLocal.Copy.Records;

/// <summary>Takes JSON objects and arrays that follow each other, on one line each or not.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html</remarks>
internal sealed class JsonRecordReader(Stream stream, JsonFields fields, int firstBuffer = 512 << 10) : RecordSource(stream, firstBuffer)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 1000 };
    private static readonly LoadProblem Invalid = new(1216, "Invalid JSON");

    private readonly JsonElement?[] _values = new JsonElement?[fields.Count];
    private JsonDocument? _document;
    private byte[] _scratch = [];
    private long _nextLine = 1;
    private bool _skipping;

    public override int FieldCount => fields.Count;

    public override ReadOnlySpan<byte> Field(int index)
    {
        if (_values[index] is not { } value)
        {
            return [];
        }

        var raw = JsonMarshal.GetRawUtf8Value(value);
        return value.ValueKind != JsonValueKind.String || fields.IsSuper[index] ? raw : Unescape(raw[1..^1]);
    }

    public override bool IsQuoted(int index) => false;

    /// <summary>JSON's null, and what is not there; the marker of the other formats means nothing here.</summary>
    public override bool IsNull(int index, ReadOnlySpan<byte> marker) => _values[index] is not { ValueKind: not JsonValueKind.Null };

    public override ReadState Next()
    {
        _document?.Dispose();
        _document = null;
        Array.Clear(_values);
        Offset += NextStart - Start;
        Start = NextStart;
        RecordLength = 0;
        Problem = null;
        if (!SkipBlanks())
        {
            return AtEnd ? ReadState.End : ReadState.NeedsData;
        }

        Line = _nextLine;
        var length = Extent(Buffer.AsSpan(Start, End - Start));
        if (length == 0)
        {
            if (End - Start <= LongestRecord)
            {
                return ReadState.NeedsData;
            }

            Problem = LoadProblem.RecordTooLong;
            RecordLength = 1024;
            NextStart = End;
            _skipping = true;
        }
        else
        {
            NextStart = Start + length;
            RecordLength = length;
            _nextLine += Buffer.AsSpan(Start, length).Count(LineFeed);
            Problem ??= length > LongestRecord ? LoadProblem.RecordTooLong : Parse(length);
        }

        RecordNumber++;
        return ReadState.Record;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _document?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>To the first byte of a record; behind one that cannot be read, that of the next line. False: there is none at hand.</summary>
    private bool SkipBlanks()
    {
        while (Start < End)
        {
            var value = Buffer[Start];
            if (!_skipping && value is not ((byte)' ' or (byte)'\t' or CarriageReturn or LineFeed))
            {
                break;
            }

            _skipping = _skipping && value != LineFeed;
            _nextLine += value == LineFeed ? 1 : 0;
            Start++;
            Offset++;
        }

        NextStart = Start;
        return Start < End;
    }

    /// <summary>The length of the record up to its closing brace; 0 when that is not at hand. One that is no JSON ends with its line.</summary>
    private int Extent(ReadOnlySpan<byte> data)
    {
        if (data[0] is not ((byte)'{' or (byte)'['))
        {
            return Broken(data, 0);
        }

        var depth = 0;
        var inString = false;
        for (var i = 0; i < data.Length; i++)
        {
            switch (data[i])
            {
                case (byte)'"':
                    inString = !inString;
                    break;
                case (byte)'\\' when inString:
                    i++;
                    break;
                case LineFeed when inString:
                    return Broken(data, i);
                case (byte)'{' or (byte)'[' when !inString:
                    depth++;
                    break;
                case (byte)'}' or (byte)']' when !inString:
                    depth--;
                    if (depth == 0)
                    {
                        return i + 1;
                    }

                    break;
            }
        }

        if (!AtEnd)
        {
            return 0;
        }

        Problem = Invalid;
        return data.Length;
    }

    private int Broken(ReadOnlySpan<byte> data, int from)
    {
        var end = data[from..].IndexOf(LineFeed);
        if (end < 0 && !AtEnd)
        {
            return 0;
        }

        Problem = Invalid;
        return end < 0 ? data.Length : Math.Max(1, from + end);
    }

    private LoadProblem? Parse(int length)
    {
        try
        {
            _document = JsonDocument.Parse(Buffer.AsMemory(Start, length), Strict);
            return fields.Fill(_document.RootElement, _values) ? null : new LoadProblem(1216, "Invalid JSON: the record is no object");
        }
        catch (JsonException exception)
        {
            return Invalid with { Position = (int)(exception.BytePositionInLine ?? 0) };
        }
        catch (InvalidOperationException)
        {
            // A name that is not UTF-8, or has half a surrogate pair.
            return Invalid;
        }
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return raw;
        }

        if (_scratch.Length < raw.Length)
        {
            _scratch = new byte[Math.Max(256, raw.Length * 2)];
        }

        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                _scratch[length++] = raw[i];
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                length += Character(raw, ref i, _scratch.AsSpan(length));
                continue;
            }

            _scratch[length++] = raw[i] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'t' => (byte)'\t',
                (byte)'r' => (byte)'\r',
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                var other => other,
            };
        }

        return _scratch.AsSpan(0, length);
    }

    /// <summary>A \u escape, or two of them; half a surrogate pair is written as the three bytes that the check of UTF-8 refuses.</summary>
    private static int Character(ReadOnlySpan<byte> raw, ref int index, Span<byte> target)
    {
        var first = (char)Hex(raw.Slice(index + 1, 4));
        index += 4;
        if (char.IsHighSurrogate(first) && index + 6 < raw.Length && raw[index + 1] == '\\' && raw[index + 2] == 'u'
            && (char)Hex(raw.Slice(index + 3, 4)) is var second && char.IsLowSurrogate(second))
        {
            index += 6;
            return new Rune(first, second).EncodeToUtf8(target);
        }

        if (Rune.TryCreate(first, out var rune))
        {
            return rune.EncodeToUtf8(target);
        }

        target[0] = (byte)(0xE0 | (first >> 12));
        target[1] = (byte)(0x80 | ((first >> 6) & 0x3F));
        target[2] = (byte)(0x80 | (first & 0x3F));
        return 3;
    }

    private static int Hex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            value = (value * 16) + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return value;
    }
}

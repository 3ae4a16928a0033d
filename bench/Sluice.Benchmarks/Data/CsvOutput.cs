using System.Buffers;
using System.Text;

namespace Sluice.Benchmarks.Data;

/// <summary>Writes CSV fields as UTF-8 into a file.</summary>
public sealed class CsvOutput(string path) : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private static readonly SearchValues<byte> Special = SearchValues.Create(",\"\n\r"u8);

    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _used;
    private bool _isFirst = true;

    public long Bytes { get; private set; }

    public void Null() => Separate();

    public void Value<T>(T value, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        Separate();
        Reserve(64);
        value.TryFormat(_buffer.AsSpan(_used), out var written, format, System.Globalization.CultureInfo.InvariantCulture);
        _used += written;
    }

    /// <summary>Quoted where it must be; the empty text is quoted, so that it is not NULL.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        Separate();
        Reserve((2 * utf8.Length) + 2);
        if (utf8.Length > 0 && utf8.IndexOfAny(Special) < 0)
        {
            utf8.CopyTo(_buffer.AsSpan(_used));
            _used += utf8.Length;
            return;
        }

        _buffer[_used++] = (byte)'"';
        foreach (var b in utf8)
        {
            if (b == (byte)'"')
            {
                _buffer[_used++] = b;
            }

            _buffer[_used++] = b;
        }

        _buffer[_used++] = (byte)'"';
    }

    public void Text(string text)
    {
        Span<byte> utf8 = stackalloc byte[512];
        Text(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    public void EndRow()
    {
        Reserve(1);
        _buffer[_used++] = (byte)'\n';
        _isFirst = true;
        if (_used > BufferBytes / 2)
        {
            Flush();
        }
    }

    /// <summary>Bytes so far, those still in the buffer included.</summary>
    public long Length => Bytes + _used;

    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }

    private void Separate()
    {
        if (!_isFirst)
        {
            Reserve(1);
            _buffer[_used++] = (byte)',';
        }

        _isFirst = false;
    }

    private void Reserve(int bytes)
    {
        if (_used + bytes > BufferBytes)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _file.Write(_buffer, 0, _used);
        Bytes += _used;
        _used = 0;
    }
}

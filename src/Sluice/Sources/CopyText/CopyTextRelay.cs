// hot path
using Sluice.Batches;
using Sluice.Locations;

namespace Sluice.Sources.CopyText;

/// <summary>Neighbouring lines of the read buffer that go to the writer as they are. They have to be sent before the buffer is filled again.</summary>
internal sealed class CopyTextRelay(TextInput input)
{
    private readonly RefillBuffer _buffer = input.Buffer;
    private RowOrigin _first;
    private int _start;
    private int _end;

    /// <summary>The last line has no newline of its own, or another line end.</summary>
    private bool _owesNewline;
    private bool _isBegun;

    public bool HasRows => _start < _end || _owesNewline;

    /// <summary>Takes the line that begins at the buffer's start and passes over it. True: what was taken has to be sent.</summary>
    public bool Add(int length, int contentLength)
    {
        if (!HasRows)
        {
            _start = _buffer.Start;
            _first = input.Origin with { ByteOffset = -1 };
        }

        _owesNewline = contentLength + 1 != length || _buffer.Bytes[_buffer.Start + contentLength] != '\n';
        _end = _buffer.Start + (_owesNewline ? contentLength : length);
        _buffer.Start += length;
        input.Line++;
        return _owesNewline;
    }

    /// <summary>Sends what was taken. False: the writer has to be flushed first, then the rest follows.</summary>
    public async ValueTask<bool> SendAsync(RowWriter rows, CancellationToken ct)
    {
        if (!_isBegun)
        {
            await rows.BeginEncodedAsync(RowEncoding.CopyText, _first, ct).ConfigureAwait(false);
            _isBegun = true;
        }

        while (HasRows)
        {
            if (rows.AdvanceEncoded(Copy(rows.EncodedSpace().Span)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What follows is not as it is, or not from the next line: the writer takes fields again.</summary>
    public void End(RowWriter rows)
    {
        if (_isBegun)
        {
            rows.EndEncoded();
            _isBegun = false;
        }
    }

    private int Copy(Span<byte> space)
    {
        var length = Math.Min(space.Length, _end - _start);
        if (length == 0)
        {
            space[0] = (byte)'\n';
            _owesNewline = false;
            return 1;
        }

        _buffer.Bytes.AsSpan(_start, length).CopyTo(space);
        _start += length;
        return length;
    }
}

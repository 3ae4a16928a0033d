// hot path
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Unload;

/// <summary>The fields of one DataRow. Spans are valid while the message is.</summary>
internal sealed class UnloadRow(bool[] varbytes)
{
    private readonly int[] _starts = new int[varbytes.Length];
    private readonly int[] _lengths = new int[varbytes.Length];
    private ReadOnlyMemory<byte> _message;

    public int Count => _starts.Length;

    public void Take(ReadOnlyMemory<byte> message)
    {
        _message = message;
        var reader = new PayloadReader(message.Span);
        reader.Int16();
        var position = 2;
        for (var i = 0; i < _starts.Length; i++)
        {
            var length = reader.Int32();
            position += 4;
            _starts[i] = position;
            _lengths[i] = length;
            if (length < 0)
            {
                continue;
            }

            var value = reader.Bytes(length);
            position += length;
            if (varbytes[i] && value.StartsWith("\\x"u8))
            {
                // The backing server marks hexadecimal digits; Redshift has them bare.
                _starts[i] += 2;
                _lengths[i] -= 2;
            }
        }
    }

    public bool IsNull(int index) => _lengths[index] < 0;

    public ReadOnlySpan<byte> Value(int index) => _message.Span.Slice(_starts[index], _lengths[index]);
}

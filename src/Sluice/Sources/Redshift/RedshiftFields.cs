// hot path
using System.Buffers;
using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Casts;

namespace Sluice.Sources.Redshift;

/// <summary>Writes values, spelled as the server spells them, through the columns' transforms.</summary>
internal sealed class RedshiftFields
{
    private readonly ImmutableArray<ReadColumn> _columns;
    private readonly Transform?[] _transforms;
    private readonly bool[] _areBytes;
    private readonly bool[] _wantBytes;
    private readonly ArrayBufferWriter<byte> _raw = new();
    private readonly ArrayBufferWriter<byte> _scratch = new();

    public RedshiftFields(ImmutableArray<ReadColumn> columns, RedshiftTable table)
    {
        _columns = columns;
        _areBytes = [.. columns.Select(column => table.Types[column.Name].IsBytes)];
        _wantBytes = [.. columns.Select(column => column.Kind == ReadColumnKind.Bytes)];
        _transforms = [.. columns.Select((column, i) => column.Using?.Invoke(_areBytes[i] ? TransformInput.Bytes : TransformInput.Text))];
    }

    public int Count => _columns.Length;

    /// <summary>Writes one value; NULL is <see cref="RowWriter.WriteNull"/>'s, and no transform is asked.</summary>
    /// <exception cref="TransformException">The value cannot be transformed.</exception>
    public void Write(RowWriter rows, int column, ReadOnlySpan<byte> text)
    {
        var value = _areBytes[column] && (_wantBytes[column] || _transforms[column] is not null) ? FromHex(text) : text;
        if (_transforms[column] is { } transform)
        {
            _scratch.ResetWrittenCount();
            switch (transform(value, _scratch))
            {
                case FieldResult.Null:
                    rows.WriteNull();
                    return;
                case FieldResult.Replaced:
                    rows.WriteText(_scratch.WrittenSpan);
                    return;
            }
        }

        if (_wantBytes[column])
        {
            rows.WriteBytes(value);
        }
        else
        {
            rows.WriteText(text);
        }
    }

    /// <summary>Sets a row aside that a transform refused.</summary>
    public void Reject(RowWriter rows, in RowOrigin origin, int column, TransformException error, ReadOnlySpan<byte> source)
    {
        rows.AbandonRow();
        rows.Reject(new Rejection { Origin = origin, Stage = RejectStage.Transform, Column = _columns[column].Name, Message = error.Message }, source);
    }

    private ReadOnlySpan<byte> FromHex(ReadOnlySpan<byte> text)
    {
        _raw.ResetWrittenCount();
        var digits = text.StartsWith("\\x"u8) ? text[2..] : text;
        if (Convert.FromHexString(digits, _raw.GetSpan(Math.Max(1, digits.Length / 2)), out _, out var written) != OperationStatus.Done)
        {
            throw new TransformException("The bytes are not spelled as hexadecimal digits");
        }

        _raw.Advance(written);
        return _raw.WrittenSpan;
    }
}

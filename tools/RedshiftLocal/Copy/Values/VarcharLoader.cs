// hot path
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>VARCHAR(n): UTF-8, at most n bytes.</summary>
internal sealed class VarcharLoader(TargetColumn column, ValueOptions options) : ColumnLoader(column)
{
    private readonly byte _replacement = options.InvalidCharacter ?? 0;
    private byte[] _scratch = [];

    public override bool IsText => true;

    /// <summary>The last value had bytes replaced (ACCEPTINVCHARS).</summary>
    public bool Replaced { get; private set; }

    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        Replaced = false;
        if (_replacement == 0)
        {
            if (Utf8Check.Find(field) is { } bad)
            {
                return bad;
            }
        }
        else if (Utf8Check.NeedsReplacement(field))
        {
            field = Replace(field);
        }

        if (options.TrimBlanks)
        {
            field = field.TrimEnd((byte)' ');
        }

        if (field.Length > Column.Length)
        {
            if (!options.TruncateColumns)
            {
                return new LoadProblem(1204, "String length exceeds DDL length");
            }

            var length = Column.Length;
            while (length > 0 && (field[length] & 0xC0) == 0x80)
            {
                length--;
            }

            field = field[..length];
        }

        row.Bytes(field);
        return null;
    }

    private ReadOnlySpan<byte> Replace(ReadOnlySpan<byte> field)
    {
        if (_scratch.Length < field.Length)
        {
            _scratch = new byte[field.Length * 2];
        }

        Utf8Check.Replace(field, _replacement, _scratch);
        Replaced = true;
        return _scratch.AsSpan(0, field.Length);
    }
}

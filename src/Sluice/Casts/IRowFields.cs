namespace Sluice.Casts;

/// <summary>The fields of the row at hand, by 0-based index, after null-if, trim and date format.</summary>
public interface IRowFields
{
    bool IsNull(int field);

    /// <summary>The field's UTF-8 bytes; empty for NULL. Valid until the next row.</summary>
    ReadOnlySpan<byte> Text(int field);
}

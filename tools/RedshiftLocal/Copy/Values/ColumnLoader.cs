using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>Turns one column's fields into binary values. One instance serves one file at a time.</summary>
internal abstract class ColumnLoader(TargetColumn column)
{
    public TargetColumn Column { get; } = column;

    /// <summary>CHAR and VARCHAR: an empty field is a value.</summary>
    public virtual bool IsText => false;

    /// <summary>Appends the value of a field that is neither empty (unless <see cref="IsText"/>) nor the NULL marker, or says why it cannot be.</summary>
    public abstract LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row);
}

// hot path
using System.Buffers.Binary;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>TIME and TIMETZ: HH:MI:SS with a fraction; TIMETZ with an offset, without one in UTC.</summary>
internal sealed class TimeLoader(TargetColumn column, bool withZone) : ColumnLoader(column)
{
    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        var parts = default(DateTimeParts);
        var rest = field;
        var read = IsoDateTime.TryTakeTime(ref rest, ref parts) && parts.TryTime(out _);
        if (!read || (!rest.IsEmpty && !(withZone && Fraction.TryOffset(rest, out parts.Offset))))
        {
            return new LoadProblem(1206, "Invalid time format or value [HH24:MI:SS]");
        }

        parts.TryTime(out var microseconds);
        if (!withZone)
        {
            row.Int64(microseconds);
            return null;
        }

        var target = row.Value(12);
        BinaryPrimitives.WriteInt64BigEndian(target, microseconds);
        BinaryPrimitives.WriteInt32BigEndian(target[8..], -parts.Offset);
        return null;
    }
}

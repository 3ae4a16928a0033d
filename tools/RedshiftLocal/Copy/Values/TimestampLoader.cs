// hot path
using System.Buffers.Text;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>TIMESTAMP and TIMESTAMPTZ, by TIMEFORMAT. A TIMESTAMP has no zone: one that is read is dropped.</summary>
internal sealed class TimestampLoader : ColumnLoader
{
    private const long MicrosecondsToUnixEpoch = Calendar.UnixEpochDay * Calendar.MicrosecondsPerDay;

    private readonly bool _withZone;
    private readonly bool _auto;
    private readonly bool _anyDate;
    private readonly long _epochUnit;
    private readonly DateTimeFormat? _format;

    public TimestampLoader(TargetColumn column, ValueOptions options, bool withZone)
        : base(column)
    {
        _withZone = withZone;
        _anyDate = options.AcceptAnyDate;
        switch (options.TimeFormat)
        {
            case null:
                break;
            case DateTimeFormats.Auto:
                _auto = true;
                break;
            case DateTimeFormats.EpochSeconds:
                _epochUnit = 1_000_000;
                break;
            case DateTimeFormats.EpochMilliseconds:
                _epochUnit = 1000;
                break;
            default:
                _format = DateTimeFormat.TryCompile(options.TimeFormat, time: true);
                break;
        }
    }

    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        if (_epochUnit == 0 ? TryText(field, out var microseconds) : TryEpoch(field, out microseconds))
        {
            row.Int64(microseconds);
            return null;
        }

        if (_anyDate)
        {
            row.Null();
            return Column.NotNull ? LoadProblem.NotNull : null;
        }

        return new LoadProblem(1206, _withZone
            ? "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SSOF]"
            : "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]");
    }

    private bool TryText(ReadOnlySpan<byte> field, out long microseconds)
    {
        microseconds = 0;
        var parts = default(DateTimeParts);
        var read = _format is not null ? _format.TryParse(field, ref parts)
            : _auto ? IsoDateTime.TryTimestamp(field, letterSeparates: true, ref parts) || AutoDateTime.TryParse(field, ref parts)
            : IsoDateTime.TryTimestamp(field, letterSeparates: false, ref parts) && parts.HasOffset == _withZone;
        if (!read || !parts.TryTimestamp(out microseconds))
        {
            return false;
        }

        if (_withZone)
        {
            microseconds -= parts.Offset * 1_000_000L;
        }

        return true;
    }

    private bool TryEpoch(ReadOnlySpan<byte> field, out long microseconds)
    {
        microseconds = 0;
        if (!Utf8Parser.TryParse(field, out long value, out var used) || used != field.Length || field[0] == (byte)'+'
            || Int128.Abs(value) * _epochUnit > 9_000_000_000_000_000_000)
        {
            return false;
        }

        microseconds = (value * _epochUnit) + MicrosecondsToUnixEpoch;
        return true;
    }
}

// hot path
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>DATE, by DATEFORMAT.</summary>
internal sealed class DateLoader : ColumnLoader
{
    private readonly bool _auto;
    private readonly bool _anyDate;
    private readonly DateTimeFormat? _format;

    public DateLoader(TargetColumn column, ValueOptions options)
        : base(column)
    {
        _auto = options.DateFormat == DateTimeFormats.Auto;
        _anyDate = options.AcceptAnyDate;
        _format = options.DateFormat is null || _auto ? null : DateTimeFormat.TryCompile(options.DateFormat, time: false);
    }

    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        var parts = default(DateTimeParts);
        var read = _format is not null ? _format.TryParse(field, ref parts)
            : IsoDateTime.TryDate(field, ref parts) || (_auto && AutoDateTime.TryParse(field, ref parts));
        if (read && parts.TryDay(out var day))
        {
            row.Int32(day);
            return null;
        }

        if (_anyDate)
        {
            row.Null();
            return Column.NotNull ? LoadProblem.NotNull : null;
        }

        return new LoadProblem(
            1205, _format is null && field.Length < 10 ? "Invalid Date Format - length must be 10 or more" : "Invalid Date Format");
    }
}

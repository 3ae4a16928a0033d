using System.Globalization;
using System.Text;

namespace Sluice.Targets.Redshift;

/// <summary>Why a value cannot be loaded.</summary>
internal enum RedshiftProblem : byte
{
    None,
    Syntax,
    Range,
    NumericOverflow,
    NotFinite,
    DateSyntax,
    DateRange,
    Infinite,
    TooLong,
    NotAscii,
    Nul,
    NotUtf8,
    HexDigit,
    HexOdd,
    EmptyBytes,
    Json,
    Marker,
    NotNull,
    RowTooLong,
}

/// <summary>Says it as PostgreSQL would, with its SQLSTATE.</summary>
internal static class RedshiftProblems
{
    private const int ShownBytes = 200;

    public static ServerRefusal Describe(RedshiftProblem problem, RedshiftColumn? column, ReadOnlySpan<byte> value, int row)
    {
        var type = column is null ? "" : TypeWords(column);
        var (state, message, detail) = problem switch
        {
            RedshiftProblem.Syntax => ("22P02", $"invalid input syntax for type {type}: \"{Show(value)}\"", (string?)null),
            RedshiftProblem.Range => ("22003", column!.Kind == RedshiftKind.Integer
                ? $"value \"{Show(value)}\" is out of range for type {type}"
                : $"\"{Show(value)}\" is out of range for type {type}", null),
            RedshiftProblem.NumericOverflow => ("22003", "numeric field overflow", Overflow(column!)),
            RedshiftProblem.NotFinite => ("22003", $"\"{Show(value)}\" cannot be loaded into type {type}: COPY takes finite numbers only", null),
            RedshiftProblem.DateSyntax => ("22007", $"invalid input syntax for type {type}: \"{Show(value)}\"", null),
            RedshiftProblem.DateRange => ("22008", $"date/time field value out of range: \"{Show(value)}\"", null),
            RedshiftProblem.Infinite => ("22008", $"{type} out of range: \"{Show(value)}\"", "Redshift has no infinite dates and times."),
            RedshiftProblem.TooLong => ("22001", $"value too long for type {column!.TypeName}", string.Create(
                CultureInfo.InvariantCulture, $"The value has {Length(column, value)} bytes: Redshift counts bytes, not characters.")),
            RedshiftProblem.NotAscii => ("22P05", $"character outside ASCII for type {column!.TypeName}: \"{Show(value)}\"", "Redshift's CHAR holds ASCII only."),
            RedshiftProblem.Nul => ("22021", "invalid byte sequence for encoding \"UTF8\": 0x00", null),
            RedshiftProblem.NotUtf8 => ("22021", "invalid byte sequence for encoding \"UTF8\"", null),
            RedshiftProblem.HexDigit => ("22023", $"invalid hexadecimal digit in \"{Show(value)}\"", null),
            RedshiftProblem.HexOdd => ("22023", "invalid hexadecimal data: odd number of digits", null),
            RedshiftProblem.EmptyBytes => ("22000", $"an empty value of type {column!.TypeName} cannot be loaded", "COPY takes it for NULL."),
            RedshiftProblem.Json => ("22P02", "invalid input syntax for type json", $"\"{Show(value)}\""),
            RedshiftProblem.Marker => ("22000", "the value is the text that stands for NULL in this COPY", "It was drawn at random: load the row again."),
            RedshiftProblem.NotNull => ("23502", $"null value in column \"{column!.Name}\" of relation \"{column.Table}\" violates not-null constraint", null),
            _ => ("54000", "the row is longer than 4 MB as CSV, which is the most that COPY takes", null),
        };
        return new ServerRefusal { Row = row, SqlState = state, Message = message, Detail = detail, Column = column?.Name };
    }

    private static string TypeWords(RedshiftColumn column) => column.TypeName.Split('(')[0] is var name && column.TypeName.EndsWith(')') ? name : column.TypeName;

    private static int Length(RedshiftColumn column, ReadOnlySpan<byte> value) =>
        column.Kind != RedshiftKind.Varbyte ? value.Length : (value.StartsWith("\\x"u8) ? value.Length - 2 : value.Length) / 2;

    private static string Overflow(RedshiftColumn column) => column.Precision == 19
        ? $"A field with precision 19, scale {column.Scale} must have an absolute value of at most 9223372036854775807, its point left out."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"A field with precision {column.Precision}, scale {column.Scale} must round to an absolute value less than {(column.Precision == column.Scale ? "1" : $"10^{column.Precision - column.Scale}")}.");

    private static string Show(ReadOnlySpan<byte> value) => value.Length <= ShownBytes
        ? Encoding.UTF8.GetString(value)
        : Encoding.UTF8.GetString(value[..ShownBytes]) + "…";
}

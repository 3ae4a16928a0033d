using System.Collections.Immutable;
using System.Globalization;
using Sluice.Catalog;

namespace Sluice.Targets.Redshift;

/// <summary>
/// What PostgreSQL's types become. Redshift counts text in bytes: https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html;
/// what it lacks: https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-datatypes.html.
/// </summary>
internal static class RedshiftTypes
{
    public const int MostVarchar = 65_535;

    private const int MostChar = 4_096;
    private const int MostVarbyte = 16_777_216;
    private const int UnmeasuredVarbyte = 1_024_000;
    private const int MostDigits = 38;
    private const int MostScale = 37;
    private const int UsualScale = 18;
    private const int BytesPerCharacter = 4;

    // Hexadecimal digits, within a row of 4 MB.
    private const int MostLoadableBytes = (RedshiftRowEncoder.LongestRow / 2) - 64;

    private static readonly ImmutableArray<int> Sizes = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, MostVarchar];

    private static readonly Dictionary<string, string> Same = new(StringComparer.Ordinal)
    {
        ["smallint"] = "smallint",
        ["int2"] = "smallint",
        ["smallserial"] = "smallint",
        ["integer"] = "integer",
        ["int"] = "integer",
        ["int4"] = "integer",
        ["serial"] = "integer",
        ["bigint"] = "bigint",
        ["int8"] = "bigint",
        ["bigserial"] = "bigint",
        ["boolean"] = "boolean",
        ["bool"] = "boolean",
        ["real"] = "real",
        ["float4"] = "real",
        ["double precision"] = "double precision",
        ["float8"] = "double precision",
        ["float"] = "double precision",
        ["date"] = "date",
        ["time"] = "time",
        ["time without time zone"] = "time",
        ["timetz"] = "timetz",
        ["time with time zone"] = "timetz",
        ["timestamp"] = "timestamp",
        ["timestamp without time zone"] = "timestamp",
        ["timestamptz"] = "timestamptz",
        ["timestamp with time zone"] = "timestamptz",
        ["super"] = "super",
        ["geometry"] = "geometry",
        ["geography"] = "geography",
        ["hllsketch"] = "hllsketch",
        ["interval year to month"] = "interval year to month",
        ["interval day to second"] = "interval day to second",
    };

    // Spellings that are never longer; where a value is, the column takes it.
    private static readonly Dictionary<string, int> Spelled = new(StringComparer.Ordinal)
    {
        ["uuid"] = 36,
        ["inet"] = 49,
        ["cidr"] = 49,
        ["macaddr"] = 17,
        ["macaddr8"] = 23,
        ["interval"] = 64,
    };

    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal) { "text", "citext", "xml", "name" };

    /// <summary>Whether the type depends on the values.</summary>
    public static bool NeedMeasure(string type)
    {
        var (name, first, _) = Parse(type);
        return !Same.ContainsKey(name) && name is not ("json" or "jsonb" or "money" or "varbyte" or "varbinary" or "binary varying")
            && !(name is "numeric" or "decimal" && first is <= MostDigits) && !(name == "varchar" && type.Contains("max", StringComparison.OrdinalIgnoreCase));
    }

    public static RedshiftType Of(ColumnRequest column)
    {
        var (name, first, second) = Parse(column.Type);
        var measure = column.IsTransformed ? null : column.Measure;
        if (Same.TryGetValue(name, out var same))
        {
            return new RedshiftType(same, name.EndsWith("serial", StringComparison.Ordinal) ? $"{name} is {same}" : null);
        }

        return name switch
        {
            "numeric" or "decimal" => Numeric(first, second, measure),
            "money" => new RedshiftType("numeric(19,2)", "money is numeric(19,2)"),
            "json" or "jsonb" => new RedshiftType("super", $"{name} is super"),
            "hstore" => Super(column.Type),
            _ when name.EndsWith(']') => Super(column.Type),
            "bytea" => Bytes(measure),
            "varbyte" or "varbinary" or "binary varying" => new RedshiftType(first is null ? $"varbyte({UnmeasuredVarbyte})" : $"varbyte({first})"),
            "char" or "character" or "bpchar" => Char(first ?? 1, measure),
            "varchar" or "character varying" when IsMax(column.Type) => new RedshiftType($"varchar({MostVarchar})"),
            "varchar" or "character varying" when first is { } length => Characters(length, column, measure),
            "bit" or "bit varying" or "varbit" => Sized(column, measure, first ?? (name == "bit" ? 1 : null), $"{name} is text"),
            _ when Spelled.TryGetValue(name, out var longest) => Sized(column, measure, longest, $"{name} is text"),
            _ when Texts.Contains(name) || name is "varchar" or "character varying" => Text(column, measure),
            _ => Text(column, measure) with { Notice = $"has type {column.Type}, which Redshift lacks: its values are carried as text" },
        };
    }

    private static RedshiftType Super(string type) => new(
        "super", $"{type} is super", $"has type {type} and becomes super: its values must be JSON");

    private static RedshiftType Numeric(int? precision, int? scale, ColumnMeasure? measure)
    {
        if (precision is <= MostDigits and > 0 && (scale ?? 0) is >= 0 and <= MostScale)
        {
            return new RedshiftType(string.Create(CultureInfo.InvariantCulture, $"numeric({precision},{scale ?? 0})"));
        }

        if (measure is null or { Values: 0 })
        {
            return precision is null
                ? new RedshiftType($"numeric({MostDigits},{UsualScale})", "numeric without digits")
                : new RedshiftType($"varchar({precision + 3})", $"Redshift has {MostDigits} digits", $"has more than {MostDigits} digits: its values are carried as text");
        }

        var digits = Math.Max(measure.IntegerDigits, 0);
        var wanted = Math.Min(scale is { } written ? Math.Max(written, measure.Scale) : measure.Scale, MostScale);
        if (digits > MostDigits)
        {
            return new RedshiftType(
                $"varchar({Size(measure.MaxBytes)})", $"{digits} digits before the point", $"has values of {digits} digits, Redshift {MostDigits}: they are carried as text");
        }

        var kept = Math.Min(wanted, MostDigits - digits);
        return new RedshiftType(
            string.Create(CultureInfo.InvariantCulture, $"numeric({MostDigits},{kept})"),
            string.Create(CultureInfo.InvariantCulture, $"at most {digits} digits before the point and {measure.Scale} behind it"),
            measure.Scale > kept ? $"has values with {measure.Scale} decimals, of which Redshift keeps {kept}: they are rounded; a CAST to \"double precision\" or text keeps them" : null);
    }

    private static RedshiftType Bytes(ColumnMeasure? measure)
    {
        var size = measure is { Values: > 0 } ? Math.Min(measure.MaxBytes <= MostVarchar * 4 / 5 ? Size(measure.MaxBytes) : Headroom(measure.MaxBytes), MostVarbyte) : UnmeasuredVarbyte;
        var notice = measure is { MaxBytes: > MostLoadableBytes }
            ? $"holds values of {measure.MaxBytes} bytes: a row of more than 4 MB cannot be loaded, and bytes take twice their size"
            : measure is { Empty: > 0 } ? $"holds {measure.Empty} values without a byte, which Redshift's COPY would make NULL: those rows are refused" : null;
        return new RedshiftType(string.Create(CultureInfo.InvariantCulture, $"varbyte({size})"), Why(measure), notice);
    }

    private static RedshiftType Char(int length, ColumnMeasure? measure) => length <= MostChar && measure is { IsAscii: true } && measure.MaxBytes <= length
        ? new RedshiftType($"char({length})")
        : Enlarged((long)length * BytesPerCharacter, measure, $"{length} characters of up to {BytesPerCharacter} bytes");

    private static RedshiftType Characters(int length, ColumnRequest column, ColumnMeasure? measure) =>
        Enlarged(Math.Max((long)length * BytesPerCharacter, DefaultBytes(column)), measure, $"{length} characters of up to {BytesPerCharacter} bytes");

    private static RedshiftType Text(ColumnRequest column, ColumnMeasure? measure)
    {
        // What a source declares counts, where it declares characters.
        if (column.Source.Precision is { } length and > 0 && column.Source.TypeName.Contains("char", StringComparison.OrdinalIgnoreCase) && !column.IsTransformed)
        {
            return Characters(length, column, measure);
        }

        if (measure is null or { Values: 0 } or { MaxBytes: 0 })
        {
            return new RedshiftType($"varchar({MostVarchar})", measure is null ? "values not measured" : "no values to measure");
        }

        return Enlarged(Size(Math.Max(measure.MaxBytes, DefaultBytes(column))), measure, Why(measure));
    }

    private static RedshiftType Sized(ColumnRequest column, ColumnMeasure? measure, int? longest, string rule) =>
        longest is { } bytes ? Enlarged(Math.Max(bytes, DefaultBytes(column)), measure, rule) : Text(column, measure) with { Rule = rule };

    // At least so many bytes, and as many as the longest value has.
    private static RedshiftType Enlarged(long bytes, ColumnMeasure? measure, string? rule)
    {
        var size = Math.Min(measure?.MaxBytes > bytes ? Size(measure.MaxBytes) : bytes, MostVarchar);
        return new RedshiftType(
            string.Create(CultureInfo.InvariantCulture, $"varchar({Math.Max(size, 1)})"),
            measure?.MaxBytes > bytes ? Why(measure) : rule,
            measure?.MaxBytes > MostVarchar ? $"holds text of {measure.MaxBytes} bytes, Redshift {MostVarchar}: longer values are refused" : null);
    }

    private static string Why(ColumnMeasure? measure) => measure is { Values: > 0 }
        ? string.Create(CultureInfo.InvariantCulture, $"longest value {measure.MaxBytes} bytes")
        : measure is null ? "values not measured" : "no values to measure";

    private static int DefaultBytes(ColumnRequest column) =>
        column.Default is { Kind: DefaultKind.Literal } value ? System.Text.Encoding.UTF8.GetByteCount(value.Text) : 0;

    // A quarter more, and then up to the next round size.
    private static long Size(long bytes)
    {
        var wanted = Headroom(bytes);
        return Sizes.FirstOrDefault(size => size >= wanted, MostVarchar);
    }

    private static long Headroom(long bytes) => bytes + ((bytes + 3) / 4);

    private static bool IsMax(string type) => type.EndsWith("(max)", StringComparison.OrdinalIgnoreCase);

    // "timestamp(3) with time zone": the name without its modifier, and that.
    private static (string Name, int? First, int? Second) Parse(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var close = type.IndexOf(')', StringComparison.Ordinal);
        if (open < 0 || close < open)
        {
            return (type.Trim().ToLowerInvariant(), null, null);
        }

        var numbers = type[(open + 1)..close].Split(',');
        return (
            string.Join(' ', $"{type[..open]} {type[(close + 1)..]}".Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant(),
            Number(numbers[0]),
            numbers.Length > 1 ? Number(numbers[1]) : null);
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A column's type.</summary>
/// <param name="Name">With its modifier.</param>
/// <param name="Rule">Why it is this one; null where it is what was asked for.</param>
/// <param name="Notice">What a user should know of its values: a clause that follows the column's name.</param>
internal sealed record RedshiftType(string Name, string? Rule = null, string? Notice = null);

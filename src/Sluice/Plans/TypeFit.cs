namespace Sluice.Plans;

/// <summary>Says whether values of one type can go into a column of another one. Both as the target writes them.</summary>
internal static class TypeFit
{
    private static readonly Dictionary<string, string> SameTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["int"] = "integer",
        ["int4"] = "integer",
        ["serial"] = "integer",
        ["int8"] = "bigint",
        ["bigserial"] = "bigint",
        ["int2"] = "smallint",
        ["smallserial"] = "smallint",
        ["float"] = "double precision",
        ["float8"] = "double precision",
        ["float4"] = "real",
        ["bool"] = "boolean",
        ["char"] = "character",
        ["bpchar"] = "character",
        ["varchar"] = "character varying",
        ["decimal"] = "numeric",
        ["timestamp"] = "timestamp without time zone",
        ["timestamptz"] = "timestamp with time zone",
        ["time"] = "time without time zone",
        ["timetz"] = "time with time zone",
    };

    // What no value of one can be read as one of another. Text is in none: who knows what it spells.
    private static readonly Dictionary<string, Family> Families = new(StringComparer.Ordinal)
    {
        ["smallint"] = Family.Number,
        ["integer"] = Family.Number,
        ["bigint"] = Family.Number,
        ["numeric"] = Family.Number,
        ["real"] = Family.Number,
        ["double precision"] = Family.Number,
        ["date"] = Family.Time,
        ["timestamp without time zone"] = Family.Time,
        ["timestamp with time zone"] = Family.Time,
        ["time without time zone"] = Family.Time,
        ["time with time zone"] = Family.Time,
        ["uuid"] = Family.Uuid,
        ["bytea"] = Family.Bytes,
    };

    private enum Family
    {
        Number,
        Time,
        Uuid,
        Bytes,
    }

    /// <summary>The same type, whatever its modifier.</summary>
    public static bool IsSame(string one, string other) => Base(one) == Base(other);

    /// <summary>A value of the one is never one of the other: numbers and dates, for example.</summary>
    public static bool IsHopeless(string from, string to) =>
        Families.TryGetValue(Base(from), out var one) && Families.TryGetValue(Base(to), out var other) && one != other;

    /// <summary>Without modifier, under its full name.</summary>
    public static string Base(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var close = type.IndexOf(')', StringComparison.Ordinal);
        var bare = (open < 0 || close < open ? type : type[..open].TrimEnd() + type[(close + 1)..]).Trim().ToLowerInvariant();
        return SameTypes.GetValueOrDefault(bare, bare);
    }
}

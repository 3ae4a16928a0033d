using System.Collections.Immutable;
using System.Globalization;

namespace Sluice.Sources.Redshift;

/// <summary>A type as <c>format_type</c> shows it, in the words of cast rules.</summary>
/// <param name="Name">The base type: <c>varchar</c>.</param>
/// <param name="Declared">As CREATE TABLE takes it: <c>varchar(20)</c>.</param>
/// <param name="First">Length or precision.</param>
/// <param name="Second">Scale.</param>
internal sealed record RedshiftType(string Name, string Declared, int? First, int? Second)
{
    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["character varying"] = "varchar",
        ["character"] = "char",
        ["binary varying"] = "varbyte",
        ["varbinary"] = "varbyte",
        ["time without time zone"] = "time",
        ["time with time zone"] = "timetz",
        ["timestamp without time zone"] = "timestamp",
        ["timestamp with time zone"] = "timestamptz",
    };

    private static readonly Dictionary<string, ImmutableArray<string>> Others = new(StringComparer.Ordinal)
    {
        ["varchar"] = ["character varying", "nvarchar"],
        ["char"] = ["character", "nchar", "bpchar"],
        ["varbyte"] = ["varbinary", "binary varying"],
        ["time"] = ["time without time zone"],
        ["timetz"] = ["time with time zone"],
        ["timestamp"] = ["timestamp without time zone"],
        ["timestamptz"] = ["timestamp with time zone"],
        ["smallint"] = ["int2"],
        ["integer"] = ["int", "int4"],
        ["bigint"] = ["int8"],
        ["real"] = ["float4"],
        ["double precision"] = ["float8", "float"],
        ["numeric"] = ["decimal"],
        ["boolean"] = ["bool"],
    };

    public bool IsBytes => Name == "varbyte";

    public ImmutableArray<string> Aliases => Others.GetValueOrDefault(Name, []);

    /// <param name="shown"><c>character varying(20)</c>, <c>interval day to second(6)</c>.</param>
    public static RedshiftType Parse(string shown)
    {
        var text = shown.StartsWith("pg_catalog.", StringComparison.Ordinal) ? shown["pg_catalog.".Length..] : shown;
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.IndexOf(')', StringComparison.Ordinal);
        if (open < 0 || close < open)
        {
            var plain = Short.GetValueOrDefault(text, text);
            return new RedshiftType(plain, plain, null, null);
        }

        var words = string.Join(' ', $"{text[..open]} {text[(close + 1)..]}".Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var name = Short.GetValueOrDefault(words, words);
        var numbers = text[(open + 1)..close].Split(',');
        var modifier = text[open..(close + 1)].Replace(" ", "", StringComparison.Ordinal);
        return new RedshiftType(name, name + modifier, Number(numbers[0]), numbers.Length > 1 ? Number(numbers[1]) : null);
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}

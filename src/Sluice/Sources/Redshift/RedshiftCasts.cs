using System.Collections.Immutable;
using Sluice.Casts;

namespace Sluice.Sources.Redshift;

/// <summary>What Redshift's types become in PostgreSQL when no rule of the user says otherwise. Into Redshift they stay what they are.</summary>
public static class RedshiftCasts
{
    private const int MostVarchar = 65_535;

    /// <summary>In matching order. HLLSKETCH has no rule: nothing else can hold one.</summary>
    public static ImmutableArray<CastRule> Rules { get; } =
    [
        Rule("integer", "serial") with { Name = "default for integer identity", WithAutoIncrement = true, DropsDefault = true },
        Rule("bigint", "bigserial") with { Name = "default for bigint identity", WithAutoIncrement = true, DropsDefault = true },
        Rule("varchar", "text") with { Name = "default for varchar(max)", When = (bytes, _) => bytes >= MostVarchar },
        Rule("varchar", "varchar") with { KeepsTypemod = true },
        Rule("char", "char") with { KeepsTypemod = true },
        Rule("numeric", "numeric") with { KeepsTypemod = true },
        Rule("super", "jsonb"),
        Rule("varbyte", "bytea"),
        Rule("interval year to month", "interval"),
        Rule("interval day to second", "interval"),
        .. new[] { "smallint", "integer", "bigint", "real", "double precision", "boolean", "date", "time", "timetz", "timestamp", "timestamptz", "geometry", "geography" }
            .Select(type => Rule(type, type)),
    ];

    private static CastRule Rule(string source, string type) => new() { Name = $"default for {source}", SourceType = source, ToType = type };
}

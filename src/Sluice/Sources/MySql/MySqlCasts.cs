using System.Collections.Immutable;
using Sluice.Casts;

namespace Sluice.Sources.MySql;

/// <summary>What MySQL's and MariaDB's types become when no rule of the user says otherwise: pgloader's rules, a display width counts where there is one.</summary>
public static class MySqlCasts
{
    /// <summary>What stands for the enumeration of a column's own labels; a set is an array of them.</summary>
    public const string OwnEnum = "enum";

    private const string ZeroDate = "0000-00-00";
    private const string ZeroMoment = "0000-00-00 00:00:00";

    // Above the rules, which are made of them.
    private static readonly string[] TextTypes = ["tinytext", "text", "mediumtext", "longtext"];
    private static readonly string[] ByteTypes = ["binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"];

    /// <summary>In matching order.</summary>
    public static ImmutableArray<CastRule> Rules { get; } = [.. Integers(), .. Others("timestamptz")];

    /// <summary>Integers as large as they are declared, whatever their display width, and DATETIME without a time zone.</summary>
    public static ImmutableArray<CastRule> ExactRules { get; } = [.. ExactIntegers(), .. Others("timestamp")];

    private static IEnumerable<CastRule> Integers() =>
    [
        Numbered("int", "bigserial") with { WhenUnsigned = true },
        Numbered("int", "serial") with { When = (precision, _) => precision < 10 },
        Numbered("int", "bigserial") with { When = (precision, _) => precision >= 10 },
        Numbered("int", "serial"),
        Numbered("tinyint", "serial"),
        Numbered("smallint", "serial"),
        Numbered("mediumint", "serial"),
        Numbered("bigint", "bigserial"),
        Rule("tinyint", "boolean", "tinyint-to-boolean") with { When = (precision, _) => precision == 1 },
        Rule("int", "bigint") with { WhenUnsigned = true },
        Rule("int", "bigint") with { When = (precision, _) => precision >= 10 },
        .. Sizes(),
    ];

    private static IEnumerable<CastRule> ExactIntegers() =>
    [
        Numbered("int", "bigserial") with { WhenUnsigned = true },
        Numbered("int", "serial"),
        Numbered("tinyint", "smallserial"),
        Numbered("smallint", "serial") with { WhenUnsigned = true },
        Numbered("smallint", "smallserial"),
        Numbered("mediumint", "serial"),
        Numbered("bigint", "bigserial"),
        Rule("int", "bigint") with { WhenUnsigned = true },
        .. Sizes(),
    ];

    private static IEnumerable<CastRule> Sizes() =>
    [
        Rule("int", "integer"),
        Rule("bigint", "numeric") with { WhenUnsigned = true },
        Rule("bigint", "bigint"),
        Rule("tinyint", "smallint"),
        Rule("smallint", "integer") with { WhenUnsigned = true },
        Rule("smallint", "smallint"),
        Rule("mediumint", "integer"),
    ];

    private static IEnumerable<CastRule> Others(string moment) =>
    [
        Rule("bit", "boolean") with { When = (precision, _) => precision == 1 },
        Rule("bit", "bit") with { KeepsTypemod = true },
        Rule("float", "float"),
        Rule("double", "double precision"),
        Numbered("float", "bigserial"),
        Numbered("double", "bigserial"),
        Rule("numeric", "numeric") with { KeepsTypemod = true },
        Rule("decimal", "decimal") with { KeepsTypemod = true },
        .. TextTypes.Select(type => Rule(type, "text", "remove-null-characters")),
        Rule("varchar", "varchar", "remove-null-characters") with { KeepsTypemod = true },
        Rule("char", "char", "remove-null-characters") with { KeepsTypemod = true },
        .. ByteTypes.Select(type => Rule(type, "bytea")),
        .. Moments("datetime", moment),
        .. Moments("timestamp", "timestamptz"),
        Rule("date", "date", "zero-dates-to-null") with { WhenDefault = ZeroDate, DropsDefault = true },
        Rule("date", "date"),
        Rule("year", "integer"),
        Rule("time", "time") with { KeepsTypemod = true },
        Rule("enum", OwnEnum),
        Rule("set", $"{OwnEnum}[]", "set-to-enum-array"),
        Rule("point", "point", "convert-mysql-point"),
        Rule("geometry", "point", "convert-mysql-point"),
        Rule("linestring", "path", "convert-mysql-linestring"),
        Rule("polygon", "polygon", "convert-mysql-polygon"),
        Rule("json", "json"),
        Rule("uuid", "uuid"),
        Rule("inet4", "inet"),
        Rule("inet6", "inet"),
        new CastRule { Name = "default for other types", ToType = "text" },
    ];

    // What is updated by itself, or is nothing by default, has no default and may be NULL: the values that mean nothing become that.
    private static IEnumerable<CastRule> Moments(string type, string target) =>
    [
        Moment(type, target) with { WhenDefault = ZeroMoment, WhenNotNull = true, DropsDefault = true, DropsNotNull = true },
        Moment(type, target) with { WhenDefault = ZeroMoment, DropsDefault = true },
        Moment(type, target) with { WithOnUpdate = true, WhenNotNull = true, DropsDefault = true, DropsNotNull = true },
        Moment(type, target) with { WithOnUpdate = true, DropsDefault = true },
        Moment(type, target),
    ];

    private static CastRule Moment(string type, string target) => Rule(type, target, "zero-dates-to-null") with { KeepsTypemod = true };

    private static CastRule Numbered(string source, string type) =>
        Rule(source, type) with { Name = $"default for {source} with auto_increment", WithAutoIncrement = true, DropsDefault = true };

    private static CastRule Rule(string source, string type, string? transform = null) => new()
    {
        Name = $"default for {source}",
        SourceType = source,
        ToType = type,
        Using = transform is null ? null : input => TransformCatalog.TryGet(transform, input, out var made) ? made : throw new InvalidOperationException($"No transform {transform}."),
        UsingName = transform,
    };
}

using System.Collections.Immutable;
using Sluice.Casts;

namespace Sluice.Sources.Sqlite;

/// <summary>What SQLite's declared types become when no rule of the user says otherwise.</summary>
public static class SqliteCasts
{
    private const string Timestamps = "sqlite-timestamp-to-timestamp";

    /// <summary>In matching order. Declared types that PostgreSQL has under the same name stay; what no one knows is text.</summary>
    public static ImmutableArray<CastRule> Rules { get; } =
    [
        .. To("text", "character", "varchar", "nvarchar", "char", "nchar", "clob", "text", "character varying"),
        Rule("integer", "bigserial") with { Name = "default for integer with autoincrement", WithAutoIncrement = true, DropsDefault = true },
        .. To("smallint", "tinyint", "int2", "smallint"),
        .. To("bigint", "integer", "long", "int8", "bigint"),
        .. To("integer", "int4"),
        .. To("int", "int"),
        .. To("float", "float"),
        .. To("real", "real"),
        .. To("double precision", "double", "double precision"),
        Rule("numeric", "numeric") with { KeepsTypemod = true },
        Rule("decimal", "decimal") with { KeepsTypemod = true },
        .. To("bytea", "blob", "byte", "byte[]", "bytea"),
        .. To("timestamptz", "datetime", "timestamptz").Select(rule => rule with { Using = Make(Timestamps), UsingName = Timestamps }),
        Rule("timestamp", "timestamp") with { Using = Make(Timestamps), UsingName = Timestamps },
        .. new[] { "boolean", "bool", "date", "time", "timetz", "json", "jsonb", "uuid", "inet", "cidr", "macaddr", "xml", "interval", "money" }
            .Select(type => Rule(type, type)),
        new CastRule { Name = "default for other types", ToType = "text" },
    ];

    private static IEnumerable<CastRule> To(string type, params string[] sources) => sources.Select(source => Rule(source, type));

    private static CastRule Rule(string source, string type) => new() { Name = $"default for {source}", SourceType = source, ToType = type };

    private static Func<TransformInput, Transform> Make(string name) =>
        input => TransformCatalog.TryGet(name, input, out var transform) ? transform : throw new InvalidOperationException($"No transform {name}.");
}

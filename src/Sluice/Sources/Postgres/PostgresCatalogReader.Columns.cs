using System.Collections.Immutable;
using Npgsql;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Sources.Postgres;

/// <content>Columns.</content>
internal sealed partial class PostgresCatalogReader
{
    private const int VarHeaderBytes = 4;

    // What people call a type besides what format_type does.
    private static readonly Dictionary<string, string[]> Aliases = new(StringComparer.Ordinal)
    {
        ["integer"] = ["int"],
        ["numeric"] = ["decimal"],
        ["character"] = ["char"],
        ["double precision"] = ["float", "double"],
        ["real"] = ["float4"],
    };

    private static ColumnRow Column(NpgsqlDataReader row) => new()
    {
        TableOid = row.Value<long>("table_oid"),
        Name = row.Text("name"),
        Type = row.Text("type"),
        TypeName = row.Text("type_name"),
        TypeOids = [row.Value<long>("type_oid"), row.Value<long>("element_oid")],
        TypeModifier = row.Value<int>("type_modifier"),
        BaseOid = row.Value<long>("base_oid"),
        IsEnum = row.Text("base_kind") == "e",
        IsNotNull = row.Value<bool>("not_null"),
        DefaultOid = row.IsNull("default_oid") ? 0 : row.Value<long>("default_oid"),
        DefaultSql = row.TextOrNull("default_sql"),
        Identity = row.Text("identity"),
        Generated = row.Text("generated"),
        Collation = row.IsNull("collation_name") ? null : new QualifiedName(row.Text("collation_schema"), row.Text("collation_name")),
        IsOwnCollation = !row.IsNull("is_own_collation") && row.Value<bool>("is_own_collation"),
        Statistics = row.IsNull("statistics") ? null : row.Value<int>("statistics"),
        Storage = row.TextOrNull("storage"),
        Compression = row.TextOrNull("compression"),
        Options = row.Texts("options"),
        Comment = row.TextOrNull("comment"),
    };

    private ColumnModel Column(QualifiedName table, ColumnRow column, IReadOnlySet<string> names)
    {
        var label = $"{table}.{Identifier.Display(column.Name)}";
        var isGenerated = column.Generated.Length > 0;
        var hasExpression = column.DefaultSql is not null && IsCarried(column.DefaultOid, isGenerated ? "generated column" : "default", label);
        if (column is { IsOwnCollation: true, Collation: { } own })
        {
            _uncarried.Add(new UncarriedObject("collation", label, $"{own} is not copied: the column compares by the database's"));
        }

        var (precision, scale) = Modifier(column);
        var bare = column.Type.Split('(')[0];
        var plain = bare.Replace(" without time zone", "", StringComparison.Ordinal);
        return new ColumnModel
        {
            Name = column.Name,
            DeclaredType = column.Type,
            TypeName = bare,
            TypeAliases = [column.TypeName, plain, .. Aliases.GetValueOrDefault(bare, [])],
            Precision = precision,
            Scale = scale,
            IsNotNull = column.IsNotNull,
            IsGenerated = isGenerated,
            IsAutoIncrement = column.Identity.Length > 0 || column.DefaultSql?.StartsWith("nextval(", StringComparison.Ordinal) == true,
            Collation = column.Collation?.Name,
            Default = isGenerated || column.DefaultSql is null || column.DefaultSql.StartsWith("nextval(", StringComparison.Ordinal) ? null : PostgresDefaults.Of(column.DefaultSql),
            Comment = column.Comment,
            Definition = new ColumnDefinition
            {
                Type = SqlPieces.Read(column.Type, NoColumns),
                Expression = hasExpression ? SqlPieces.Read(column.DefaultSql!, isGenerated ? names : NoColumns) : null,
                Generation = column switch
                {
                    { Identity: "a" } => ColumnGeneration.IdentityAlways,
                    { Identity: "d" } => ColumnGeneration.IdentityByDefault,
                    { Generated: "s" } when hasExpression => ColumnGeneration.Stored,
                    { Generated: "v" } when hasExpression => ColumnGeneration.Virtual,
                    _ => ColumnGeneration.None,
                },
                Identity = _identities[column.TableOid].FirstOrDefault(sequence => sequence.Model.OwnerColumn == column.Name)?.Model,
                Collation = column.IsOwnCollation ? null : column.Collation,
                Statistics = column.Statistics,
                Storage = column.Storage,
                Compression = column.Compression,
                Options = column.Options,
                Comment = column.Comment,
            },
        };
    }

    // Precision and scale of the types that a cast rule may ask for.
    private static (int? Precision, int? Scale) Modifier(ColumnRow column) => column switch
    {
        { TypeModifier: < 0 } => (null, null),
        { TypeName: "numeric" } => (((column.TypeModifier - VarHeaderBytes) >> 16) & 0xffff, (short)(((column.TypeModifier - VarHeaderBytes) & 0x7ff) ^ 1024) - 1024),
        { TypeName: "varchar" or "bpchar" } => (column.TypeModifier - VarHeaderBytes, null),
        { TypeName: "bit" or "varbit" or "timestamp" or "timestamptz" or "time" or "timetz" } => (column.TypeModifier, null),
        _ => (null, null),
    };

    private sealed record ColumnRow
    {
        public required long TableOid { get; init; }

        public required string Name { get; init; }

        public required string Type { get; init; }

        public required string TypeName { get; init; }

        public required ImmutableArray<long> TypeOids { get; init; }

        public required int TypeModifier { get; init; }

        public required long BaseOid { get; init; }

        public required bool IsEnum { get; init; }

        public required bool IsNotNull { get; init; }

        public required long DefaultOid { get; init; }

        public required string? DefaultSql { get; init; }

        public required string Identity { get; init; }

        public required string Generated { get; init; }

        public required QualifiedName? Collation { get; init; }

        public required bool IsOwnCollation { get; init; }

        public required int? Statistics { get; init; }

        public required string? Storage { get; init; }

        public required string? Compression { get; init; }

        public required ImmutableArray<string> Options { get; init; }

        public required string? Comment { get; init; }

        public BinaryType BinaryType => PostgresColumn.BinaryTypeOf(BaseOid, IsEnum);
    }
}

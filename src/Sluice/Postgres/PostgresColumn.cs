using Sluice.Batches;

namespace Sluice.Postgres;

/// <summary>A column of an existing table.</summary>
public sealed record PostgresColumn
{
    public required string Name { get; init; }

    /// <summary>As the server writes it: <c>numeric(10,2)</c>, <c>my_domain</c>.</summary>
    public required string TypeName { get; init; }

    public required long TypeOid { get; init; }

    public required int TypeModifier { get; init; }

    /// <summary>Domains resolved, through all levels; otherwise the type itself.</summary>
    public required long BaseTypeOid { get; init; }

    /// <summary>The base type's modifier: of the innermost domain, or the column's own.</summary>
    public required int BaseTypeModifier { get; init; }

    public required bool IsEnum { get; init; }

    public required bool IsArray { get; init; }

    /// <summary>By the column or by a domain.</summary>
    public required bool IsNotNull { get; init; }

    /// <summary>In PostgreSQL's dialect, or null. Generated columns have none here.</summary>
    public string? DefaultSql { get; init; }

    public IdentityKind Identity { get; init; }

    public GeneratedKind Generated { get; init; }

    public required bool MayInsert { get; init; }

    /// <summary>Bytes, which come as hexadecimal digits after <c>\x</c>, though the type is none of PostgreSQL's.</summary>
    public bool IsForeignBytes { get; init; }

    public bool IsDomain => TypeOid != BaseTypeOid;

    /// <summary>When not loaded, it numbers the rows in the order they arrive.</summary>
    public bool HasSequence => Identity != IdentityKind.None || DefaultSql?.Contains("nextval(", StringComparison.Ordinal) == true;

    public BinaryType BinaryType => BinaryTypeOf(BaseTypeOid, IsEnum);

    /// <param name="baseOid">A type that is no domain.</param>
    /// <param name="isEnum">It is an enum.</param>
    // https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat: built-in oids never change.
    public static BinaryType BinaryTypeOf(long baseOid, bool isEnum) => isEnum ? BinaryType.Enum : baseOid switch
    {
        16 => BinaryType.Boolean,
        17 => BinaryType.Bytea,
        20 => BinaryType.Int8,
        21 => BinaryType.Int2,
        23 => BinaryType.Int4,
        25 => BinaryType.Text,
        114 => BinaryType.Json,
        700 => BinaryType.Float4,
        701 => BinaryType.Float8,
        1042 => BinaryType.BpChar,
        1043 => BinaryType.VarChar,
        1082 => BinaryType.Date,
        1083 => BinaryType.Time,
        1114 => BinaryType.Timestamp,
        1184 => BinaryType.TimestampTz,
        1700 => BinaryType.Numeric,
        2950 => BinaryType.Uuid,
        3802 => BinaryType.Jsonb,
        _ => BinaryType.None,
    };

    /// <summary>How a row writer encodes it.</summary>
    public ColumnEncoding Encoding(ServerInfo server) => new(Name, BinaryType, BaseTypeModifier, server.FixedZoneOffset);
}

/// <summary>GENERATED … AS IDENTITY.</summary>
public enum IdentityKind
{
    None,
    Always,
    ByDefault,
}

/// <summary>GENERATED ALWAYS AS (expression).</summary>
public enum GeneratedKind
{
    None,
    Stored,
    Virtual,
}

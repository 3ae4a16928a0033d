using System.Collections.Frozen;

namespace Sluice.Commands;

/// <summary>The transform functions that CAST … USING may name.</summary>
internal static class TransformNames
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "zero-dates-to-null", "date-with-no-separator", "time-with-no-separator", "tinyint-to-boolean", "bits-to-boolean",
        "bits-to-hex-bitstring", "int-to-ip", "ip-range", "convert-mysql-point", "convert-mysql-linestring", "integer-to-string",
        "float-to-string", "hex-to-dec", "set-to-enum-array", "empty-string-to-null", "right-trim", "remove-null-characters",
        "byte-vector-to-bytea", "byte-vector-to-hexstring", "ensure-parse-integer", "sqlite-timestamp-to-timestamp",
        "sql-server-uniqueidentifier-to-uuid", "sql-server-bit-to-boolean", "unix-timestamp-to-timestamptz", "varbinary-to-string",
        "varbinary-to-inet", "binary-to-uuid", "binary-to-bytea", "base64-decode", "hex-to-bytea", "logical-to-boolean",
        "db3-trim-string", "db3-numeric-to-pgsql-numeric", "db3-numeric-to-pgsql-integer", "db3-date-to-pgsql-date",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> All => Names;

    public static bool Exists(string name) => Names.Contains(name);
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using Sluice.Diagnostics;

namespace Sluice.Casts;

/// <summary>The transforms that a load file may name, by pgloader's names, case ignored.</summary>
public static class TransformCatalog
{
    internal const string IpRange = "ip-range";

    // Name, what it does to text, what it does to bytes where that differs.
    private static readonly ImmutableArray<Entry> Table =
    [
        new("base64-decode", Transforms.Base64Decode),
        new("binary-to-bytea", Transforms.BinaryToBytea),
        new("binary-to-uuid", Transforms.HexToUuid, Transforms.BytesToUuid),
        new("bits-to-boolean", Transforms.BitsToBoolean),
        new("bits-to-hex-bitstring", Transforms.DefaultToBitstring, Transforms.BytesToHexBitstring),
        new("byte-vector-to-bytea", Transforms.BinaryToBytea, Transforms.ByteVectorToBytea),
        new("byte-vector-to-hexstring", Transforms.TextToHexstring, Transforms.BytesToHexstring),
        new("convert-mysql-linestring", Transforms.ConvertMysqlLinestring),
        new("convert-mysql-point", Transforms.ConvertMysqlPoint),
        new("convert-mysql-polygon", Transforms.ConvertMysqlPolygon),
        new("date-with-no-separator", Transforms.DateWithNoSeparator),
        new("db3-date-to-pgsql-date", Transforms.Db3DateToPgsqlDate),
        new("db3-numeric-to-pgsql-integer", Transforms.Db3NumericToPgsqlInteger),
        new("db3-numeric-to-pgsql-numeric", Transforms.Db3NumericToPgsqlNumeric),
        new("db3-trim-string", Transforms.RightTrim),
        new("empty-string-to-null", Transforms.EmptyStringToNull),
        new("ensure-parse-integer", Transforms.EnsureParseInteger),
        new("float-to-string", Transforms.Keep),
        new("hex-to-bytea", Transforms.HexToBytea),
        new("hex-to-dec", Transforms.HexToDec),
        new("int-to-ip", Transforms.IntToIp),
        new("integer-to-string", Transforms.IntegerToString),
        new("julian-day-to-timestamp", Transforms.JulianDayToTimestamp),
        new("logical-to-boolean", Transforms.LogicalToBoolean),
        new("remove-null-characters", Transforms.RemoveNullCharacters),
        new("right-trim", Transforms.RightTrim),
        new("set-to-enum-array", Transforms.SetToEnumArray),
        new("sql-server-bit-to-boolean", Transforms.SqlServerBitToBoolean),
        new("sql-server-uniqueidentifier-to-uuid", Transforms.HexToSqlServerUuid, Transforms.BytesToSqlServerUuid),
        new("sqlite-timestamp-to-timestamp", Transforms.SqliteTimestampToTimestamp),
        new("time-with-no-separator", Transforms.TimeWithNoSeparator),
        new("tinyint-to-boolean", Transforms.TinyintToBoolean),
        new("unix-timestamp-to-timestamptz", Transforms.UnixTimestampToTimestamptz),
        new("varbinary-to-inet", Transforms.HexToInet, Transforms.BytesToInet),
        new("varbinary-to-string", Transforms.Keep, Transforms.BytesToText),
        new("zero-dates-to-null", Transforms.ZeroDatesToNull),
    ];

    private static readonly FrozenDictionary<string, Entry> ByName =
        Table.ToFrozenDictionary(entry => entry.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of the transforms that take one value, sorted.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Table.Select(entry => entry.Name)];

    /// <summary>Finds a transform of one text value; its package prefix may be written. NULL never reaches it.</summary>
    public static bool TryGet(string name, out Transform transform) => TryGet(name, TransformInput.Text, out transform);

    /// <summary>Finds a transform for values of the given kind.</summary>
    public static bool TryGet(string name, TransformInput input, out Transform transform)
    {
        if (ByName.TryGetValue(PackageNames.Strip(name), out var entry))
        {
            transform = input == TransformInput.Bytes ? entry.Bytes ?? entry.Text : entry.Text;
            return true;
        }

        transform = Transforms.Keep;
        return false;
    }

    /// <summary>Whether there is such a transform; <c>ip-range</c>, which takes two values, counts.</summary>
    public static bool Exists(string name)
    {
        var bare = PackageNames.Strip(name);
        return ByName.ContainsKey(bare) || bare.Equals(IpRange, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The transform that the user probably meant, or null.</summary>
    public static string? Nearest(string name) => Suggest.Nearest(PackageNames.Strip(name), [.. Names, IpRange]);

    private sealed record Entry(string Name, Transform Text, Transform? Bytes = null);
}

using System.Collections.Frozen;

namespace RedshiftLocal.Sql;

/// <summary>Words that are not names unless quoted. See the guide's page "Reserved words".</summary>
internal static class ReservedWords
{
    /// <summary>Redshift's list, less START and CONNECT, which its own note calls free.</summary>
    private static readonly FrozenSet<string> All = Set("""
        aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary blanksasnull both
        bytedict bzip2 case cast check collate column constraint create credentials cross current_date current_time current_timestamp
        current_user current_user_id default deferrable deflate defrag delta delta32k desc disable distinct do else emptyasnull enable
        encode encrypt encryption end except explicit false for foreign freeze from full globaldict256 globaldict64k grant group gzip having
        identity ignore ilike in initially inner intersect interval into is isnull join language leading left like limit localtime
        localtimestamp lun luns lzo lzop minus mostly13 mostly16 mostly32 mostly8 natural new not notnull null nulls off offline offset oid old on
        only open or order outer overlaps parallel partition percent permissions pivot placing primary raw readratio recover references
        rejectlog resort respect restore right select session_user similar snapshot some sysdate system table tag tdes text255 text32k
        then timestamp to top trailing true truncatecolumns union unique unnest unpivot user using verbose wallet when where with without
        """);

    /// <summary>Those that an expression, a FROM list or a type may hold.</summary>
    private static readonly FrozenSet<string> InQueries = Set("""
        all and any array as asc between both case cast collate cross current_date current_time current_timestamp current_user
        current_user_id default desc distinct else end except false for from full group having ignore ilike in inner intersect interval
        into is isnull join leading left like limit localtime localtimestamp minus natural not notnull null nulls offset oid on only or
        order outer overlaps partition placing respect right select session_user similar some sysdate then timestamp top trailing true
        union using user when where with without unnest pivot unpivot
        """);

    /// <summary>Those of PostgreSQL 15 that Redshift leaves free: quoted before they reach the backing server.</summary>
    private static readonly FrozenSet<string> BackingOnly = Set("""
        asymmetric collation concurrently current_catalog current_role current_schema fetch lateral returning symmetric tablesample
        variadic window
        """);

    /// <summary>May not be a column's name, even quoted.</summary>
    private static readonly FrozenSet<string> SystemColumns = Set("oid ctid xmin xmax cmin cmax tableoid insertxid deletexid");

    public static bool Contains(string word) => All.Contains(word);

    /// <summary>Reserved, and without a meaning inside a query.</summary>
    public static bool IsMisplacedInQuery(string word) => All.Contains(word) && !InQueries.Contains(word);

    public static bool IsReservedByBackingOnly(string word) => BackingOnly.Contains(word);

    public static bool IsSystemColumn(string name) => SystemColumns.Contains(name);

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}

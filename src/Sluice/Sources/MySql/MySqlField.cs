using Sluice.Batches;

namespace Sluice.Sources.MySql;

/// <summary>How the values of one column come from the server and what they are then.</summary>
/// <param name="Sql">What is selected.</param>
/// <param name="Form">What that gives.</param>
internal sealed record MySqlField(string Sql, MySqlForm Form)
{
    // Longer ones than the server may send become NULL there: this tells them from real ones. It is no text of any charset.
    private const string TooLong = "0xFF";

    private static readonly Dictionary<string, string> Decoded = new(StringComparer.Ordinal)
    {
        ["sjis"] = "shift_jis",
        ["cp932"] = "shift_jis",
        ["gbk"] = "gbk",
        ["gb2312"] = "gb2312",
        ["gb18030"] = "gb18030",
        ["big5"] = "big5",
        ["euckr"] = "euc-kr",
        ["ujis"] = "euc-jp",
        ["eucjpms"] = "euc-jp",
    };

    /// <summary>The encoding of the bytes that come; null: UTF-8, or no text.</summary>
    public string? EncodingName { get; init; }

    /// <summary>The server's name of that encoding, for literals.</summary>
    public string Charset { get; init; } = "utf8mb4";

    /// <summary>A value of one byte, 0xFF, stands for one that the server could not send.</summary>
    public bool MayBeTooLong { get; init; }

    /// <param name="name">Bare.</param>
    /// <param name="column">Its type.</param>
    /// <param name="reading">What becomes of it.</param>
    /// <param name="decoding">The encoding that the command says its bytes have; null: that of the column.</param>
    /// <param name="server">Which functions there are.</param>
    public static MySqlField Of(string name, MySqlColumnInfo column, ReadColumn reading, string? decoding, MySqlServer server)
    {
        var quoted = MySqlNames.Quote(name);
        if (column.IsBytes)
        {
            return new MySqlField(quoted, MySqlForm.Bytes);
        }

        if (column.IsSmallInteger)
        {
            return new MySqlField(quoted, MySqlForm.Integer);
        }

        if (column.IsGeometry)
        {
            return Shape(quoted, reading);
        }

        return column.Type switch
        {
            "bigint" or "int" or "decimal" or "double" or "date" or "datetime" or "time" or "year" => new MySqlField(Cast(quoted), MySqlForm.Text),
            "timestamp" => new MySqlField(Cast(quoted), reading.Type == BinaryType.TimestampTz ? MySqlForm.Instant : MySqlForm.Text),
            "float" => new MySqlField(Cast($"{quoted} + 0e0"), MySqlForm.Float),
            "bit" when reading.Using is not null || reading.Kind == ReadColumnKind.Bytes => new MySqlField(Cast(quoted), MySqlForm.Bytes),
            "bit" => new MySqlField(FormattableString.Invariant($"CAST(LPAD(BIN({quoted} + 0), {column.Precision ?? 1}, '0') AS BINARY)"), MySqlForm.Text),
            "json" => new MySqlField(Guarded(quoted, Cast($"CAST({quoted} AS CHAR CHARACTER SET utf8mb4)")), MySqlForm.Text) { MayBeTooLong = true },
            "vector" => new MySqlField(Cast($"{(server.IsMariaDb ? "VEC_ToText" : "VECTOR_TO_STRING")}({quoted})"), MySqlForm.Text),
            _ when column.Charset is null => new MySqlField(Cast($"CAST({quoted} AS CHAR CHARACTER SET utf8mb4)"), MySqlForm.Text),
            _ => Text(quoted, column, column.Charset, decoding),
        };
    }

    // Charsets of one byte, and those of Unicode, the server turns into UTF-8 without loss. Of the others some characters would become question marks.
    private static MySqlField Text(string quoted, MySqlColumnInfo column, string charset, string? decoding)
    {
        var encoding = decoding ?? Decoded.GetValueOrDefault(charset);
        var isRaw = encoding is not null || charset is "utf8mb4" or "utf8mb3" or "utf8" or "ascii";
        var isLong = column.Type is "mediumtext" or "longtext";
        var sql = Cast(isRaw ? quoted : $"CONVERT({quoted} USING utf8mb4)");
        return new MySqlField(isLong ? Guarded(quoted, sql) : sql, MySqlForm.Text)
        {
            EncodingName = encoding,
            Charset = encoding is null ? "utf8mb4" : charset,
            MayBeTooLong = isLong,
        };
    }

    // Where nothing is done to the shape it may be of any kind and of any reference system, which PostGIS wants to know.
    private static MySqlField Shape(string quoted, ReadColumn reading) => reading switch
    {
        { Kind: ReadColumnKind.Bytes } => new MySqlField(Guarded(quoted, Cast($"ST_AsWKB({quoted})")), MySqlForm.Bytes) { MayBeTooLong = true },
        { Using: not null } => new MySqlField(Guarded(quoted, Cast($"ST_AsText({quoted})")), MySqlForm.Text) { MayBeTooLong = true },
        _ => new MySqlField(Guarded(quoted, Cast($"CONCAT(IF(ST_SRID({quoted}) = 0, '', CONCAT('SRID=', ST_SRID({quoted}), ';')), ST_AsText({quoted}))")), MySqlForm.Text) { MayBeTooLong = true },
    };

    private static string Cast(string sql) => $"CAST({sql} AS BINARY)";

    private static string Guarded(string quoted, string sql) => $"COALESCE({sql}, IF({quoted} IS NULL, NULL, {TooLong}))";
}

/// <summary>What a column's values come as.</summary>
internal enum MySqlForm
{
    /// <summary>Bytes that spell the value.</summary>
    Text,

    /// <summary>Bytes that are the value.</summary>
    Bytes,

    /// <summary>A number of at most 32 bits.</summary>
    Integer,

    /// <summary>The digits of a double that holds a float exactly.</summary>
    Float,

    /// <summary>Date and time in the session's time zone.</summary>
    Instant,
}

using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>Which compression encoding goes with which type. See the guide's page "Compression encodings".</summary>
internal static class Encodings
{
    /// <summary>Reads an encoding's name and checks it against the column's type; a null type is checked later.</summary>
    public static string Read(TokenReader reader, string column, DataType? type)
    {
        var token = reader.Peek();
        if (reader.AtEnd || token.Kind is not TokenKind.Word)
        {
            throw reader.Unexpected();
        }

        var fits = Fits(token.Value, type?.Base);
        if (fits is null)
        {
            throw reader.Unexpected();
        }

        if (fits is false)
        {
            throw new ServerException("42P16", $"invalid encoding type specified for column \"{column}\"");
        }

        reader.Position++;
        return token.Value;
    }

    /// <summary>Null: there is no such encoding.</summary>
    private static bool? Fits(string encoding, string? type) => encoding switch
    {
        "raw" or "zstd" => true,
        "runlength" => type is not "super",
        "az64" => type is null or "smallint" or "integer" or "bigint" or "numeric" or "date" || IsTime(type),
        "bytedict" => type is not ("boolean" or "super"),
        "delta" => type is null or "smallint" or "integer" or "bigint" or "numeric" or "date" || IsTime(type),
        "delta32k" => type is null or "integer" or "bigint" or "numeric" or "date" || IsTime(type),
        "lzo" => type is not ("boolean" or "real" or "double precision"),
        "mostly8" => type is null or "smallint" or "integer" or "bigint" or "numeric",
        "mostly16" => type is null or "integer" or "bigint" or "numeric",
        "mostly32" => type is null or "bigint" or "numeric",
        "text255" or "text32k" => type is null or "character varying",
        _ => null,
    };

    private static bool IsTime(string type) => type.StartsWith("time", StringComparison.Ordinal);
}

using System.Collections.Immutable;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Copy.Commands;

/// <summary>Reads COPY table [(columns)] FROM source and its options. https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html</summary>
public static class CopyParser
{
    /// <exception cref="ServerException">The statement is not a COPY that Redshift, and this server, can run.</exception>
    public static CopyCommand Parse(SqlStatement statement, bool caseSensitiveIdentifiers)
    {
        var cursor = new TokenCursor(statement);
        cursor.ExpectWord("copy");
        var (schema, table) = TableName(cursor, caseSensitiveIdentifiers);
        var columns = cursor.AcceptSymbol("(") ? ColumnList(cursor, caseSensitiveIdentifiers) : [];
        cursor.ExpectWord("from");
        var source = Source(cursor);
        var options = new CopyOptionReader(cursor);
        while (!cursor.AtEnd)
        {
            options.ReadOne();
        }

        return options.Complete(new CopyCommand
        {
            Schema = schema,
            Table = table,
            Columns = columns,
            Source = source,
            Authorization = CopyRole.Default,
        });
    }

    private static (string? Schema, string Table) TableName(TokenCursor cursor, bool caseSensitive)
    {
        var first = cursor.Name(caseSensitive);
        if (!cursor.AcceptSymbol("."))
        {
            return (null, first);
        }

        var second = cursor.Name(caseSensitive);
        return cursor.AcceptSymbol(".") ? throw NotCovered.Of("COPY into a table of another database") : (first, second);
    }

    private static ImmutableArray<string> ColumnList(TokenCursor cursor, bool caseSensitive)
    {
        var columns = ImmutableArray.CreateBuilder<string>();
        do
        {
            var name = cursor.Name(caseSensitive);
            if (columns.Contains(name))
            {
                throw new ServerException("42701", $"column \"{name}\" specified more than once");
            }

            columns.Add(name);
        }
        while (cursor.AcceptSymbol(","));
        return cursor.AcceptSymbol(")") ? columns.ToImmutable() : throw cursor.Unexpected();
    }

    private static S3Location Source(TokenCursor cursor)
    {
        if (!cursor.NextIsText())
        {
            throw cursor.AcceptWord("stdin") ? UnsupportedSource() : cursor.Unexpected();
        }

        var url = cursor.Text();
        if (url.StartsWith("emr://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("dynamodb://", StringComparison.OrdinalIgnoreCase))
        {
            throw NotCovered.Of($"COPY from {url[..url.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant()}");
        }

        return S3Location.Parse(url) ?? throw UnsupportedSource();
    }

    private static ServerException UnsupportedSource() =>
        new("0A000", "LOAD source is not supported. (Hint: only S3 or DynamoDB or EMR based load is allowed)");
}

using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Unload.Commands;

/// <summary>Reads UNLOAD ('query') TO 'target' and its options. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html</summary>
public static class UnloadParser
{
    /// <exception cref="ServerException">The statement is not an UNLOAD that Redshift, and this server, can run.</exception>
    public static UnloadCommand Parse(SqlStatement statement, bool caseSensitiveIdentifiers)
    {
        var cursor = new TokenCursor(statement);
        cursor.ExpectWord("unload");
        if (!cursor.AcceptSymbol("("))
        {
            throw cursor.Unexpected();
        }

        cursor.Text();
        if (!cursor.AcceptSymbol(")"))
        {
            throw cursor.Unexpected();
        }

        cursor.ExpectWord("to");
        var target = Target(cursor.Text());
        var options = new UnloadOptionReader(cursor, caseSensitiveIdentifiers);
        while (!cursor.AtEnd)
        {
            options.ReadOne();
        }

        return options.Complete(target);
    }

    private static S3Location Target(string url)
    {
        var target = S3Location.Parse(url) ?? throw new ServerException("0A000", "UNLOAD destination is not supported. (Hint: only S3 based unload is allowed)");
        return target.Bucket.EndsWith("-s3alias", StringComparison.Ordinal)
            ? throw new ServerException("0A000", "UNLOAD does not support Amazon S3 access point aliases")
            : target;
    }
}

using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Tests.Sql;

/// <summary>Translates single statements for tests.</summary>
internal static class SqlText
{
    public static readonly SessionFacts Facts = new() { User = "awsuser", Database = "dev" };

    public static Translation Translate(string sql, SessionFacts? facts = null) =>
        Translator.Translate(Assert.Single(StatementSplitter.Split(sql)), facts ?? Facts);

    public static Forwarded Forward(string sql, SessionFacts? facts = null) => Assert.IsType<Forwarded>(Translate(sql, facts));

    /// <summary>The error of splitting or translating.</summary>
    public static ServerException Refuse(string sql, SessionFacts? facts = null) => Assert.Throws<ServerException>(() =>
    {
        foreach (var statement in StatementSplitter.Split(sql))
        {
            Translator.Translate(statement, facts ?? Facts);
        }
    });
}

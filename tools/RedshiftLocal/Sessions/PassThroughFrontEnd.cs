using System.Collections.Immutable;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Sessions;

/// <summary>Sends everything on as it is.</summary>
internal sealed class PassThroughFrontEnd : ISqlFrontEnd
{
    public ImmutableArray<SqlStatement> Split(string sql)
    {
        var statements = ImmutableArray.CreateBuilder<SqlStatement>();
        var start = 0;
        var inText = false;
        for (var i = 0; i <= sql.Length; i++)
        {
            if (i < sql.Length && sql[i] == '\'')
            {
                inText = !inText;
            }

            if (i == sql.Length || (sql[i] == ';' && !inText))
            {
                if (!string.IsNullOrWhiteSpace(sql[start..i]))
                {
                    statements.Add(new SqlStatement(sql[start..i].Trim(), []));
                }

                start = i + 1;
            }
        }

        return statements.ToImmutable();
    }

    public Translation Translate(SqlStatement statement, SessionFacts facts)
    {
        var words = statement.Text.Split((char[])[' ', '\n', '='], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words[0].ToUpperInvariant() switch
        {
            "BEGIN" or "START" => new TransactionControl(TransactionVerb.Begin, "BEGIN", "BEGIN"),
            "COMMIT" or "END" => new TransactionControl(TransactionVerb.Commit, "COMMIT", "COMMIT"),
            "ROLLBACK" or "ABORT" => new TransactionControl(TransactionVerb.Rollback, "ROLLBACK", "ROLLBACK"),
            "SHOW" when words.Length == 2 => new Setting(SettingVerb.Show, words[1].ToLowerInvariant(), null, false),
            "SET" when words.Length > 2 =>
                new Setting(SettingVerb.Set, words[1].ToLowerInvariant(), string.Join(' ', words[2..]).Trim('\''), false),
            _ => new Forwarded(statement.Text),
        };
    }

    public ServerError TranslateError(ServerError backing, string? statement) => backing;
}

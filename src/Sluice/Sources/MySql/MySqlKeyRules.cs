namespace Sluice.Sources.MySql;

/// <summary>What a foreign key does when the row it refers to changes or goes, as the server writes it: <c>SET NULL</c>, <c>CASCADE</c>…</summary>
internal readonly record struct MySqlKeyRules(string OnUpdate, string OnDelete)
{
    // What the catalog shows of a key that was declared without a rule.
    private const string Usual = "RESTRICT";

    /// <summary>Reads them out of a table's definition.</summary>
    /// <param name="createTable">The answer to SHOW CREATE TABLE.</param>
    /// <param name="key">The name of the key.</param>
    public static MySqlKeyRules Of(string createTable, string key)
    {
        var rules = new MySqlKeyRules(Usual, Usual);
        var tokens = MySqlTokens.Read(createTable);
        var at = 0;
        while (at + 2 < tokens.Length && !(tokens[at].IsWord("constraint") && tokens[at + 1].Text == key && tokens[at + 2].IsWord("foreign")))
        {
            at++;
        }

        for (var depth = 0; at + 2 < tokens.Length && !(depth == 0 && tokens[at].IsSign(",")); at++)
        {
            depth += tokens[at].IsSign("(") ? 1 : tokens[at].IsSign(")") ? -1 : 0;
            if (depth < 0)
            {
                break;
            }

            if (!tokens[at].IsWord("on"))
            {
                continue;
            }

            var isTwoWords = tokens[at + 2].IsWord("set") || tokens[at + 2].IsWord("no");
            var rule = isTwoWords && at + 3 < tokens.Length ? $"{tokens[at + 2].Text} {tokens[at + 3].Text}" : tokens[at + 2].Text;
            rules = tokens[at + 1].IsWord("update") ? rules with { OnUpdate = rule } : tokens[at + 1].IsWord("delete") ? rules with { OnDelete = rule } : rules;
        }

        return rules;
    }
}

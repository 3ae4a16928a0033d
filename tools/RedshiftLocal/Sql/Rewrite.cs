using System.Text;

namespace RedshiftLocal.Sql;

/// <summary>A statement's tokens with changes: replaced, removed, or with text put before and after. Comments are dropped.</summary>
internal sealed class Rewrite
{
    private readonly SqlStatement _statement;
    private readonly string?[] _texts;
    private readonly string[] _before;
    private readonly string[] _after;

    public Rewrite(SqlStatement statement, SessionFacts facts)
    {
        _statement = statement;
        var tokens = statement.Tokens;
        _texts = new string?[tokens.Length];
        _before = new string[tokens.Length];
        _after = new string[tokens.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            _texts[i] = tokens[i].Kind switch
            {
                TokenKind.QuotedName => Identifiers.Quote(Identifiers.Name(tokens[i], facts)),
                TokenKind.Word when tokens[i].Value[0] is '#' => Identifiers.Quote(Identifiers.Name(tokens[i], facts)),
                TokenKind.Word => Identifiers.Name(tokens[i], facts).Length == tokens[i].Length ? Source(i) : tokens[i].Value,
                _ => Source(i),
            };
        }
    }

    public void Replace(int index, string text) => _texts[index] = text;

    /// <summary>Replaces the tokens from first to end (exclusive) by one text; what was put before and after them is dropped.</summary>
    public void ReplaceRange(int first, int end, string text)
    {
        Remove(first, end);
        _texts[first] = text;
    }

    public void Remove(int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            _texts[i] = null;
            _before[i] = string.Empty;
            _after[i] = string.Empty;
        }
    }

    public void Before(int index, string text) => _before[index] = text + _before[index];

    public void After(int index, string text) => _after[index] += text;

    public string Render() => Render(0, _texts.Length);

    public string Render(int first, int end)
    {
        var sql = new StringBuilder();
        for (var i = first; i < end; i++)
        {
            if (_texts[i] is null && string.IsNullOrEmpty(_before[i]) && string.IsNullOrEmpty(_after[i]))
            {
                continue;
            }

            if (sql.Length > 0)
            {
                sql.Append(Gap(i));
            }

            sql.Append(_before[i]).Append(_texts[i]).Append(_after[i]);
        }

        return sql.ToString();
    }

    private string Source(int index) => _statement.Text.Substring(_statement.Tokens[index].Start, _statement.Tokens[index].Length);

    /// <summary>What stands between a token and the one before it, less comments. A line break counts: literals on two lines are one.</summary>
    private string Gap(int index)
    {
        var end = _statement.Tokens[index - 1].Start + _statement.Tokens[index - 1].Length;
        var gap = _statement.Text.AsSpan(end, _statement.Tokens[index].Start - end);
        return gap.IsEmpty ? string.Empty : gap.Contains('\n') ? "\n" : " ";
    }
}

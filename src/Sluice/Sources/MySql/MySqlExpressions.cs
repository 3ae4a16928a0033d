using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Sources.MySql;

/// <summary>
/// Checks, indexed expressions and generated columns in PostgreSQL's words, as far as they mean the same there: exact numbers, moments, NULL, AND and OR,
/// texts that are only joined or counted. What compares texts is left: whether case and blanks count is the collation's matter.
/// </summary>
internal sealed class MySqlExpressions
{
    private readonly ImmutableArray<MySqlToken> _tokens;
    private readonly IReadOnlyDictionary<string, MySqlColumnInfo> _columns;
    private int _next;

    private MySqlExpressions(string sql, IReadOnlyDictionary<string, MySqlColumnInfo> columns)
    {
        _tokens = MySqlTokens.Read(sql);
        _columns = columns;
    }

    private MySqlToken Current => _next < _tokens.Length ? _tokens[_next] : default;

    /// <summary>A condition.</summary>
    /// <param name="sql">As the server has it.</param>
    /// <param name="columns">Of the table.</param>
    public static SourceSql Condition(string sql, IReadOnlyDictionary<string, MySqlColumnInfo> columns) => Read(sql, columns, kind => kind == MySqlKind.Condition);

    /// <summary>A value of a type that is computed.</summary>
    /// <param name="sql">As the server has it.</param>
    /// <param name="columns">Of the table.</param>
    /// <param name="column">What it becomes; null: whatever it is.</param>
    public static SourceSql Value(string sql, IReadOnlyDictionary<string, MySqlColumnInfo> columns, MySqlColumnInfo? column) => Read(sql, columns, kind => column is null
        ? kind is MySqlKind.Number or MySqlKind.Text
        : kind == MySqlKind.Number ? column is { IsInteger: true, Precision: not 1 } or { Type: "decimal" } : kind == MySqlKind.Text && column.Type is "varchar" or "text" or "mediumtext" or "longtext");

    private static SourceSql Read(string sql, IReadOnlyDictionary<string, MySqlColumnInfo> columns, Func<MySqlKind, bool> isWanted)
    {
        var reader = new MySqlExpressions(sql, columns);
        var found = reader.Or();
        return new SourceSql(sql, found is { } node && isWanted(node.Kind) && reader._next == reader._tokens.Length ? node.Pieces : null);
    }

    private Node? Or() => Chain("or", And);

    private Node? And() => Chain("and", Not);

    private Node? Chain(string word, Func<Node?> next)
    {
        var left = next();
        while (left is not null && Current.IsWord(word))
        {
            _next++;
            left = left.Kind == MySqlKind.Condition && next() is { Kind: MySqlKind.Condition } right ? Node.Of(MySqlKind.Condition, left, word.ToUpperInvariant(), right) : null;
        }

        return left;
    }

    private Node? Not()
    {
        if (!Current.IsWord("not"))
        {
            return Comparison();
        }

        _next++;
        return Not() is { Kind: MySqlKind.Condition } operand ? Node.Of(MySqlKind.Condition, "NOT", operand) : null;
    }

    private Node? Comparison()
    {
        if (Sum() is not { } left)
        {
            return null;
        }

        if (Current.IsWord("is"))
        {
            _next++;
            var isNot = Take("not");
            return Take("null") ? Node.Of(MySqlKind.Condition, left.AsOperand, isNot ? "IS NOT NULL" : "IS NULL") : null;
        }

        var negates = Take("not");
        if (Take("between"))
        {
            return Sum() is { } low && Take("and") && Sum() is { } high && Agree(left, low) && Agree(left, high)
                ? Node.Of(MySqlKind.Condition, left.AsOperand, negates ? "NOT BETWEEN" : "BETWEEN", low.AsOperand, "AND", high.AsOperand)
                : null;
        }

        if (Take("in"))
        {
            return In(left, negates);
        }

        if (negates || Current.Kind != MySqlTokenKind.Sign || Current.Text is not ("=" or "<>" or "!=" or "<" or ">" or "<=" or ">="))
        {
            return negates ? null : left;
        }

        var sign = _tokens[_next++].Text;
        return Sum() is { } right && Agree(left, right) && (sign is "=" or "<>" or "!=" || left.Kind != MySqlKind.Flag)
            ? Node.Of(MySqlKind.Condition, left.AsOperand, sign == "!=" ? "<>" : sign, right.AsOperand)
            : null;
    }

    private Node? In(Node left, bool negates)
    {
        var parts = new List<object> { left.AsOperand, negates ? "NOT IN (" : "IN (" };
        if (!TakeSign("("))
        {
            return null;
        }

        do
        {
            if (Sum() is not { } item || !Agree(left, item))
            {
                return null;
            }

            parts.Add(item.AsOperand);
            parts.Add(",");
        }
        while (TakeSign(","));

        parts[^1] = ")";
        return TakeSign(")") ? Node.Of(MySqlKind.Condition, [.. parts]) : null;
    }

    // Numbers grow as they do in numeric; the column that takes the result refuses what is too large, on both sides.
    private Node? Sum() => Arithmetic(Product, "+", "-");

    private Node? Product() => Arithmetic(Operand, "*");

    private Node? Arithmetic(Func<Node?> next, params string[] signs)
    {
        var left = next();
        while (left is not null && Current.Kind == MySqlTokenKind.Sign && signs.Contains(Current.Text))
        {
            var sign = _tokens[_next++].Text;
            left = left.Kind is MySqlKind.Number or MySqlKind.NumberLiteral && next() is { Kind: MySqlKind.Number or MySqlKind.NumberLiteral } right
                ? Node.Of(MySqlKind.Number, left, sign, right)
                : null;
        }

        return left;
    }

    private Node? Operand()
    {
        var token = Current;
        _next++;
        switch (token.Kind)
        {
            case MySqlTokenKind.Number:
                return Literal(token.Text);
            case MySqlTokenKind.Text:
                return new Node(MySqlKind.TextLiteral, [new SqlPiece(Identifier.Literal(token.Text), IsColumn: false)]);
            case MySqlTokenKind.Name:
                return Column(token.Text);
            case MySqlTokenKind.Word when token.Text.StartsWith('_') && Current.Kind == MySqlTokenKind.Text && token.Text is "_utf8mb4" or "_utf8mb3" or "_utf8" or "_latin1" or "_ascii":
                return Operand() is { } text && (token.Text.StartsWith("_utf8", StringComparison.Ordinal) || System.Text.Ascii.IsValid(text.Pieces[0].Text)) ? text : null;
            case MySqlTokenKind.Word when Current.IsSign("("):
                _next++;
                return Function(token.Text.ToLowerInvariant());
            case MySqlTokenKind.Word when _columns.ContainsKey(token.Text):
                return Column(token.Text);
            case MySqlTokenKind.Sign when token.Text == "-" && Current.Kind == MySqlTokenKind.Number:
                return Literal("-" + _tokens[_next++].Text);
            case MySqlTokenKind.Sign when token.Text == "(":
                return Or() is { } inner && TakeSign(")") ? inner.IsAtom ? inner : Node.Of(inner.Kind, inner) : null;
            default:
                return null;
        }
    }

    private static Node Literal(string number) => new(MySqlKind.NumberLiteral, [new SqlPiece(number, IsColumn: false)]);

    private Node? Column(string name)
    {
        if (!_columns.TryGetValue(name, out var column))
        {
            return null;
        }

        var kind = column switch
        {
            { Type: "tinyint", Precision: 1 } => MySqlKind.Flag,
            { IsInteger: true } or { Type: "decimal" } => MySqlKind.Number,
            { IsText: true } => MySqlKind.Text,
            { Type: "date" or "datetime" } => MySqlKind.Moment,
            _ => MySqlKind.Other,
        };
        return new Node(kind, [new SqlPiece(name, IsColumn: true)]);
    }

    private Node? Function(string name)
    {
        var arguments = new List<Node>();
        while (!TakeSign(")"))
        {
            if ((arguments.Count > 0 && !TakeSign(",")) || Or() is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
        }

        return (name, arguments) switch
        {
            ("char_length" or "character_length", [{ Kind: MySqlKind.Text } text]) => Node.Of(MySqlKind.Number, "char_length(", text, ")"),
            ("abs", [{ Kind: MySqlKind.Number } number]) => Node.Of(MySqlKind.Number, "abs(", number, ")"),
            ("coalesce" or "ifnull", [{ Kind: MySqlKind.Number } first, { Kind: MySqlKind.Number or MySqlKind.NumberLiteral } second]) =>
                Node.Of(MySqlKind.Number, "coalesce(", first, ",", second, ")"),
            ("concat", [_, ..]) when arguments.All(argument => argument.Kind is MySqlKind.Text or MySqlKind.TextLiteral) && arguments.Any(argument => argument.Kind == MySqlKind.Text) =>
                Node.Of(MySqlKind.Text, [.. arguments.SelectMany((argument, i) => i == 0 ? new object[] { argument } : ["||", argument])]),
            _ => null,
        };
    }

    // What is compared has to be of one kind on both sides; in quotes a number takes the type of the other side.
    private static bool Agree(Node left, Node right) => (left.Kind, right.Kind) switch
    {
        (MySqlKind.Number, MySqlKind.Number or MySqlKind.NumberLiteral) or (MySqlKind.NumberLiteral, MySqlKind.Number) => true,
        (MySqlKind.Flag, MySqlKind.NumberLiteral) => right.Pieces[0].Text is "0" or "1",
        (MySqlKind.Moment, MySqlKind.Moment) => true,
        (MySqlKind.Moment, MySqlKind.TextLiteral) => IsMoment(right.Pieces[0].Text),
        _ => false,
    };

    private static bool IsMoment(string literal) => DateTime.TryParseExact(
        literal.Trim('\''), ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _);

    private bool Take(string word)
    {
        var isThere = Current.IsWord(word);
        _next += isThere ? 1 : 0;
        return isThere;
    }

    private bool TakeSign(string sign)
    {
        var isThere = Current.IsSign(sign);
        _next += isThere ? 1 : 0;
        return isThere;
    }

    private enum MySqlKind
    {
        Other,
        Condition,
        Number,
        NumberLiteral,
        Flag,
        Text,
        TextLiteral,
        Moment,
    }

    private sealed record Node(MySqlKind Kind, ImmutableArray<SqlPiece> Pieces)
    {
        public bool IsAtom => Pieces.Length == 1;

        // Beside a boolean column a number has to be one too.
        public Node AsOperand => Kind == MySqlKind.NumberLiteral ? this with { Pieces = [new SqlPiece(Identifier.Literal(Pieces[0].Text), IsColumn: false)] } : this;

        // In parentheses throughout: precedence is settled here.
        public static Node Of(MySqlKind kind, params object[] parts)
        {
            var pieces = ImmutableArray.CreateBuilder<SqlPiece>();
            pieces.Add(new SqlPiece("(", IsColumn: false));
            foreach (var part in parts)
            {
                if (part is Node node)
                {
                    pieces.AddRange(node.Pieces);
                    if (kind == MySqlKind.Number && node is { Kind: MySqlKind.Number, IsAtom: true })
                    {
                        pieces.Add(new SqlPiece("::numeric", IsColumn: false));
                    }
                }
                else
                {
                    pieces.Add(new SqlPiece((string)part, IsColumn: false));
                }
            }

            pieces.Add(new SqlPiece(")", IsColumn: false));
            return new Node(kind, pieces.ToImmutable());
        }
    }
}

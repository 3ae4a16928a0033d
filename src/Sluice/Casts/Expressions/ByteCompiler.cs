namespace Sluice.Casts.Expressions;

/// <summary>
/// Compiles the expressions that only pass text through transforms and choose between texts, so that they run without allocating.
/// The expression has been checked by <see cref="Compiler"/>; anything else is left to it.
/// </summary>
internal sealed class ByteCompiler(Compiler compiler)
{
    private int _buffers;

    public ByteProgram? TryCompile(SExpression expression) =>
        Value(expression) is { } node ? new ByteProgram(node, _buffers) : null;

    private ByteNode? Value(SExpression expression) => expression switch
    {
        SExpression.Text text => new TextNode(text.Value),
        SExpression.Symbol symbol when !Compiler.IsKeyword(symbol) => Field(symbol),
        SExpression.List { Items: [SExpression.Symbol head, ..] items } => Form(Compiler.Name(head), items.AsSpan()[1..]),
        _ => null,
    };

    private ByteNode? Field(SExpression.Symbol symbol) =>
        Compiler.Name(symbol) == "nil" ? new NullNode()
        : compiler.Field(symbol) is { } index ? new FieldNode(index)
        : null;

    private ByteNode? Form(string name, ReadOnlySpan<SExpression> items)
    {
        switch (name)
        {
            case "or":
                return Values(items) is { } any ? new OrNode(any) : null;
            case "if" when items.Length is 2 or 3:
                return Choice(items[0], items[1], items.Length == 3 ? items[2] : null);
            case "when" when items.Length == 2:
                return Choice(items[0], items[1], null);
            case "unless" when items.Length == 2:
                return Test(items[0]) is { } test && Value(items[1]) is { } value ? new ChoiceNode(test, new NullNode(), value) : null;
            case "identity":
                return Value(items[0]);
            case "string-trim" or "string-left-trim" or "string-right-trim" when items[0] is SExpression.Text bag:
                return IsAscii(bag.Value) && Value(items[1]) is { } trimmed
                    ? new TrimNode(bag.Value, trimmed, name != "string-right-trim", name != "string-left-trim")
                    : null;
            default:
                return items.Length == 1 && TransformCatalog.TryGet(name, out var transform) && Value(items[0]) is { } inner
                    ? new TransformNode(transform, inner, _buffers++)
                    : null;
        }
    }

    private static bool IsAscii(string text) => System.Text.Ascii.IsValid(text);

    private ByteNode[]? Values(ReadOnlySpan<SExpression> items)
    {
        var nodes = new ByteNode[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            if (Value(items[i]) is not { } node)
            {
                return null;
            }

            nodes[i] = node;
        }

        return nodes;
    }

    private ChoiceNode? Choice(SExpression condition, SExpression yes, SExpression? no)
    {
        var otherwise = no is null ? new NullNode() : Value(no);
        return Test(condition) is { } test && Value(yes) is { } value && otherwise is not null
            ? new ChoiceNode(test, value, otherwise)
            : null;
    }

    private ByteTest? Test(SExpression expression)
    {
        if (expression is SExpression.List { Items: [SExpression.Symbol head, ..] items })
        {
            switch (Compiler.Name(head))
            {
                case "string=" or "equal" or "eql" or "eq" when items.Length == 3:
                    return Value(items[1]) is { } left && Value(items[2]) is { } right ? new SameTest(left, right) : null;
                case "null" or "not" when items.Length == 2:
                    return Test(items[1]) is { } negated ? new NotTest(negated) : null;
                case "and" or "or":
                    var tests = new List<ByteTest>();
                    foreach (var item in items[1..])
                    {
                        if (Test(item) is not { } test)
                        {
                            return null;
                        }

                        tests.Add(test);
                    }

                    return new ManyTest([.. tests], Compiler.Name(head) == "and");
            }
        }

        return Value(expression) is { } value ? new PresentTest(value) : null;
    }
}

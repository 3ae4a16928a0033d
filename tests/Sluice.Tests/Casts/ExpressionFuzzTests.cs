using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using Sluice.Casts;
using Sluice.Casts.Expressions;
using Sluice.Diagnostics;

namespace Sluice.Tests.Casts;

public sealed class ExpressionFuzzTests
{
    private static readonly string[] Names =
        [.. Builtins.Names.Order(StringComparer.Ordinal), .. Compiler.SpecialForms, "nosuch", "eval", "x"];

    private static readonly string[] Symbols =
    [
        "a", "b", "c", "nil", "t", "cl:t", "x", "nosuch", ":test", ":key", ":start", ":end", ":count", ":from-end", ":radix", ":junk-allowed",
        ":initial-value", ":remove-empty-subseqs", ":start1", ":end2", ":k",
    ];

    private static readonly string[] Texts =
    [
        "", "a", "abc", "12", "-7", "1.5", "2004-10-31", "~a", "~{~a~^,~}", "~:[x~;y~]", "~5,'0d", "~,2f", "~$", "~r", "~(~a~)", "~@r", "~*~a",
        "~va", "~p", "~5t", "~", "~~", "😀é", " x ", "POINT(1 2)", "\0",
    ];

    [Fact]
    public void Random_expressions_are_refused_when_bound_or_for_a_row_and_nothing_else()
    {
        var random = new Random(42);
        TextRow[] rows = [new("12", "abc", "2004-10-31 x"), new(null, "", "😀"), new("x", null, "~a")];
        var bound = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var expression = Random(random, 4);
            RowExpression compiled;
            try
            {
                compiled = ExpressionCompiler.Compile(expression, ["a", "b", "c"], new SourceText("fuzz", "text"));
            }
            catch (CommandException)
            {
                continue;
            }

            bound++;
            foreach (var row in rows)
            {
                Run(compiled, row, expression);
            }
        }

        Assert.True(bound > 1000, $"only {bound} expressions could be bound");
    }

    [Fact]
    public void Well_formed_calls_of_every_function_give_a_value_or_refuse_the_row()
    {
        var random = new Random(43);
        foreach (var name in Builtins.Names)
        {
            var builtin = Builtins.Find(name)!;
            for (var i = 0; i < 150; i++)
            {
                var count = random.Next(builtin.Min, (builtin.Max < 0 ? builtin.Min + 3 : builtin.Max) + 1);
                var items = new List<SExpression> { new SExpression.Symbol(name) };
                items.AddRange(Enumerable.Range(0, count).Select(_ => Value(random)));
                foreach (var key in builtin.Keys.Where(_ => random.Next(4) == 0))
                {
                    items.AddRange([new SExpression.Symbol(":" + key), Value(random)]);
                }

                if (name == "format")
                {
                    items = [items[0], new SExpression.Symbol("nil"), Value(random), .. items.Skip(3)];
                }

                var expression = new SExpression.List([.. items]);
                try
                {
                    var compiled = ExpressionCompiler.Compile(expression, ["a", "b"], new SourceText("fuzz", "text"));
                    Run(compiled, new TextRow("12", null), expression);
                }
                catch (CommandException) when (name == "format")
                {
                }
            }
        }
    }

    [Fact]
    public void The_path_without_allocations_and_the_general_one_give_the_same()
    {
        var random = new Random(44);
        string[] forms =
        [
            "(or (empty-string-to-null a) b)", "(if (string= a b) a \"no\")", "(when (not (equal a \"\")) (right-trim a))", "(unless a \"none\")",
            "(string-trim \" x\" a)", "(string-left-trim \"0\" a)", "(db3-numeric-to-pgsql-numeric (identity a))", "(if (and a (or b nil)) b)",
            "(ensure-parse-integer a)", "(if (null a) \"null\" (set-to-enum-array a))", "(string-right-trim \"\" a)", "(or)", "(or nil a)",
        ];
        string?[] values = [null, "", " ", "x ", "0012", "5", "é x", " 😀 "];
        foreach (var form in forms)
        {
            for (var i = 0; i < 60; i++)
            {
                string?[] row = [values[random.Next(values.Length)], values[random.Next(values.Length)]];
                Assert.Equal(Eval.Expression($"(progn nil {form})", row), Eval.Expression(form, row));
            }
        }
    }

    [Fact]
    public void Random_control_strings_are_refused_or_give_a_text()
    {
        var random = new Random(45);
        const string Likely = "~~~~~~asdxobfrc$%&t*^(){}[];:@,'v#0123 \nwp";
        for (var i = 0; i < 20_000; i++)
        {
            var control = new string([.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => Likely[random.Next(Likely.Length)])]);
            if (!FormatProgram.TryParse(control, out var program, out var error, out var offset))
            {
                Assert.InRange(offset, 0, control.Length - 1);
                Assert.NotEmpty(error);
                continue;
            }

            try
            {
                FormatRun.Run(new EvalContext(), program, [new BigInteger(3), "text", null, Cons.List([BigInteger.One, "x"]), new Rune('c'), 2.5]);
            }
            catch (TransformException)
            {
            }
        }
    }

    private static void Run(RowExpression compiled, TextRow row, SExpression expression)
    {
        try
        {
            compiled(row, new System.Buffers.ArrayBufferWriter<byte>());
        }
        catch (TransformException error)
        {
            Assert.NotEmpty(error.Message);
        }
        catch (Exception error)
        {
            Assert.Fail($"{Show(expression)}: {error}");
        }
    }

    private static SExpression Value(Random random) => random.Next(12) switch
    {
        0 => new SExpression.Number(random.Next(-3, 40)),
        1 => new SExpression.Number(BigInteger.Pow(10, random.Next(60))),
        2 => new SExpression.Real(random.NextDouble() * 100 - 50),
        3 => new SExpression.Character(new Rune("a ,0é"[random.Next(5)])),
        4 => List("list", new SExpression.Number(1), new SExpression.Text("a"), new SExpression.Symbol("nil")),
        5 => List("quote", new SExpression.Symbol("string")),
        6 => List("function", new SExpression.Symbol(Names[random.Next(Names.Length - Compiler.SpecialForms.Length - 3)])),
        7 => SmallReader.Read("(lambda (x) x)"),
        8 => new SExpression.Symbol("a"),
        9 => new SExpression.Symbol("b"),
        _ => new SExpression.Text(Texts[random.Next(Texts.Length)]),
    };

    private static SExpression Random(Random random, int depth)
    {
        if (depth == 0 || random.Next(4) == 0)
        {
            return random.Next(3) == 0 ? new SExpression.Symbol(Symbols[random.Next(Symbols.Length)]) : Value(random);
        }

        var items = ImmutableArray.CreateBuilder<SExpression>();
        items.Add(random.Next(12) == 0 ? Random(random, depth - 1) : new SExpression.Symbol(Names[random.Next(Names.Length)]));
        for (var i = random.Next(4); i >= 0; i--)
        {
            items.Add(Random(random, depth - 1));
        }

        return new SExpression.List(items.ToImmutable());
    }

    private static SExpression.List List(string head, params SExpression[] items) => new([new SExpression.Symbol(head), .. items]);

    private static string Show(SExpression expression) => expression switch
    {
        SExpression.List list => $"({string.Join(' ', list.Items.Select(Show))})",
        SExpression.Symbol symbol => symbol.Name,
        SExpression.Text text => $"\"{text.Value}\"",
        _ => expression.ToString()!,
    };
}

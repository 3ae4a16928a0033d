using System.Buffers;
using System.Text;
using Sluice.Casts;
using Sluice.Diagnostics;

namespace Sluice.Tests.Casts;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("(subseq a 0 2)")]
    [InlineData("(parse-integer a)")]
    [InlineData("(* 2 (parse-integer a))")]
    [InlineData("(princ-to-string a)")]
    [InlineData("(string a)")]
    [InlineData("(char a 0)")]
    [InlineData("(concatenate 'string a a)")]
    [InlineData("(format nil \"(~a,~a)\" a a)")]
    [InlineData("(zero-dates-to-null a)")]
    [InlineData("(db3-trim-string a)")]
    [InlineData("(reverse a)")]
    [InlineData("a")]
    public void A_null_field_stays_null(string expression) => Assert.Null(Eval.Run(expression, [null]));

    [Theory]
    [InlineData("(format nil \"~a ~a\" a b)", "John ")]
    [InlineData("(concatenate 'string a b)", "John")]
    [InlineData("(format nil \"~a: ~:[no~;yes~]\" a b)", "John: no")]
    public void Beside_other_values_a_null_prints_nothing(string expression, string expected) =>
        Assert.Equal(expected, Eval.Run(expression, "John", null));

    [Fact]
    public void Comparing_null_with_a_number_refuses_the_row()
    {
        var error = Assert.Throws<TransformException>(() => Eval.Run("(if (> (parse-integer a) 10) \"big\" \"small\")", [null]));
        Assert.Equal("> expected a number, found NULL", error.Message);
    }

    [Fact]
    public void Characters_outside_the_basic_plane_count_as_one()
    {
        Assert.Equal("3", Eval.Run("(length a)", "a😀b"));
        Assert.Equal("😀b", Eval.Run("(subseq a 1)", "a😀b"));
        Assert.Equal("2", Eval.Run("(position #\\b a)", "a😀b"));
        Assert.Equal("2", Eval.Run("(search \"b\" a)", "a😀b"));
        Assert.Equal("b😀a", Eval.Run("(reverse a)", "a😀b"));
        Assert.Equal("ab", Eval.Run("(remove (char a 1) a)", "a😀b"));
    }

    [Theory]
    [InlineData("t", "field t")]
    [InlineData("cl:t", "t")]
    [InlineData("(if t \"yes\" \"no\")", "yes")]
    public void A_field_named_t_wins_over_true(string expression, string expected) =>
        Assert.Equal(expected, Eval.Run(Eval.Compile(expression, "t"), "field t"));

    [Fact]
    public void Without_a_field_of_that_name_t_is_true() => Assert.Equal("t", Eval.Run("t", "x"));

    [Fact]
    public void A_bare_name_prefers_the_field_as_written_and_else_ignores_case()
    {
        Assert.Equal("2", Eval.Run(Eval.Compile("Ab", "aB", "Ab"), "1", "2"));
        Assert.Equal("1", Eval.Run(Eval.Compile("AB", "aB"), "1"));
    }

    [Theory]
    [InlineData("(* 2 5/2)", "5")]
    [InlineData("-6/4", "-3/2")]
    [InlineData("(first '(1/2))", "1/2")]
    public void Fractions_may_be_written(string expression, string expected) => Assert.Equal(expected, Eval.Run(expression));

    [Fact]
    public void A_name_that_means_two_fields_is_refused() =>
        Assert.Equal("The name ab means more than one field: \"aB\" and \"Ab\"", Eval.Refused("ab", "aB", "Ab").Message);

    [Fact]
    public void A_text_alone_names_the_field_of_exactly_that_name()
    {
        Assert.Equal("1", Eval.Run(Eval.Compile("\"H One\"", "H One"), "1"));
        Assert.Equal("h one", Eval.Run(Eval.Compile("\"h one\"", "H One"), "1"));
        var constant = ExpressionCompiler.Compile(new SExpression.Text("x"), ["x"], new SourceText("s", ""), textNamesField: false);
        Assert.Equal("x", Eval.Run(constant, "1"));
    }

    [Fact]
    public void Local_variables_hide_fields_and_end_with_their_form() =>
        Assert.Equal("12f", Eval.Run("(format nil \"~a~a\" (let ((a 1)) (let ((a 2) (b a)) (format nil \"~a~a\" b a))) a)", "f"));

    [Fact]
    public void A_lambda_remembers_the_variables_it_saw() =>
        Assert.Equal("(1x 2x)", Eval.Run("(let ((s a)) (mapcar (lambda (n) (concatenate 'string (princ-to-string n) s)) '(1 2)))", "x"));

    [Fact]
    public void An_expression_may_be_run_by_several_threads_at_once()
    {
        var expression = Eval.Compile("(or (empty-string-to-null (right-trim a)) (format nil \"~a!\" a))", "a");
        var fast = Eval.Compile("(empty-string-to-null (right-trim a))", "a");
        Parallel.For(0, 2000, i =>
        {
            Assert.Equal($"v{i}", Eval.Run(expression, $"v{i} "));
            Assert.Equal($"v{i}", Eval.Run(fast, $"v{i} "));
        });
    }

    [Theory]
    [InlineData("(funcall (lambda (f) (funcall f f)) (lambda (f) (funcall f f)))")]
    [InlineData("(let* ((s (make-string 1000000)) (s (concatenate 'string s s s s s s s s s s s s)) (s (concatenate 'string s s s s s s s s s s s s))) s)")]
    [InlineData("(reduce (lambda (x y) (length (make-string 1000000))) (make-string 100000))")]
    [InlineData("(reduce (lambda (x y) (length (list (ash 1 900000)))) (make-string 100000))")]
    [InlineData("(parse-integer (substitute #\\1 #\\Space (make-string 20001)))")]
    [InlineData("(expt 10 (expt 10 10))")]
    [InlineData("(let* ((n (expt 2 900000)) (n (* n n))) n)")]
    [InlineData("(ash 1 100000000000)")]
    [InlineData("(make-string 1000001)")]
    [InlineData("(format nil \"~va\" 1000001 a)")]
    [InlineData("(format nil \"~@{x~}\" a)")]
    [InlineData("(/ 1 0)")]
    [InlineData("(mod 1 0)")]
    [InlineData("(floor 1.5 0)")]
    [InlineData("(parse-integer \"12\" :radix 99)")]
    [InlineData("(nth -1 (list 1))")]
    [InlineData("(code-char 55296)")]
    public void What_would_not_end_or_grow_or_has_no_value_refuses_the_row(string expression) =>
        Assert.Equal(Eval.Error, Eval.Expression(expression, "x"));

    [Fact]
    public void A_list_that_doubles_again_and_again_refuses_the_row()
    {
        var doubling = string.Concat(Enumerable.Repeat("(l (append l l)) ", 60));
        Assert.Equal(Eval.Error, Eval.Expression($"(let* ((l (list a)) {doubling}) (length l))", "x"));
    }

    [Theory]
    [InlineData("right-trim", "a ", "a")]
    [InlineData("cl:string-upcase", "a", "A")]
    [InlineData("(lambda (x) (empty-string-to-null (right-trim x)))", "a ", "a")]
    [InlineData("(lambda (x) (empty-string-to-null (right-trim x)))", "  ", null)]
    [InlineData("(lambda (x) (format nil \"~a!\" x))", "a", "a!")]
    [InlineData("#'(lambda (x) \"x\")", "a", "x")]
    public void A_cast_may_use_a_function_or_a_lambda(string function, string input, string? expected)
    {
        var transform = ExpressionCompiler.CompileTransform(SmallReader.Read(function), new SourceText("s", function));
        Assert.Equal(expected, Eval.Apply(transform, Encoding.UTF8.GetBytes(input)) is var text && text is null ? null : text);
    }

    [Theory]
    [InlineData("zero-date-to-null", "Unknown function 'zero-date-to-null'")]
    [InlineData("ip-range", "ip-range takes 2 arguments, found 1")]
    [InlineData("(lambda (x y) x)", "USING takes the name of a function or (lambda (x) …) here")]
    [InlineData("\"right-trim\"", "USING takes the name of a function or (lambda (x) …) here")]
    public void A_cast_refuses_what_does_not_take_one_value(string function, string message) =>
        Assert.Equal(message, Assert.Throws<CommandException>(
            () => ExpressionCompiler.CompileTransform(SmallReader.Read(function), new SourceText("s", function))).Message);

    [Theory]
    [InlineData("(= 1 precision)", 1, 0, true)]
    [InlineData("(= 1 precision)", 2, 0, false)]
    [InlineData("(< 10 Precision)", 11, 0, true)]
    [InlineData("(and (= 18 precision) (= 6 scale))", 18, 6, true)]
    [InlineData("(and (= 18 precision) (= 6 scale))", 18, 5, false)]
    [InlineData("(= 2 (/ precision scale))", 4, 2, true)]
    [InlineData("(= 2 (/ precision scale))", 4, 0, false)]
    public void A_guard_reads_precision_and_scale(string guard, int precision, int scale, bool expected) =>
        Assert.Equal(expected, TypmodGuard.Compile(SmallReader.Read(guard), new SourceText("s", guard))(precision, scale));

    [Fact]
    public void A_guard_refuses_other_names()
    {
        var guard = SmallReader.Read("(= 1 precison)");
        var error = Assert.Throws<CommandException>(() => TypmodGuard.Compile(guard, new SourceText("s", "(= 1 precison)")));
        Assert.Equal("Unknown field or variable 'precison'", error.Message);
        Assert.Equal("did you mean precision?", error.Hint);
    }

    [Fact]
    public void The_text_of_a_field_is_appended_to_what_the_scratch_buffer_holds()
    {
        var scratch = new ArrayBufferWriter<byte>();
        Assert.Equal(FieldResult.Replaced, Eval.Compile("(string-upcase a)", "a")(new TextRow("é"), scratch));
        Assert.Equal("É"u8.ToArray(), scratch.WrittenSpan.ToArray());
    }
}

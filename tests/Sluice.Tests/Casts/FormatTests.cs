namespace Sluice.Tests.Casts;

public sealed class FormatTests
{
    [Theory]
    [InlineData("(format nil \"~5a|~5@a|~5,2a|~,,2,'-a|\" \"ab\" \"ab\" \"ab\" \"ab\")", "ab   |   ab|ab    |ab--|")]
    [InlineData("(format nil \"~5d|~5,'0d|~@d|~:d|~,,'.,4:d\" 42 -42 42 1234567 1234567)", "   42|00-42|+42|1,234,567|123.4567")]
    [InlineData("(format nil \"~b ~o ~x ~36r ~8,'0b\" 5 8 255 35 5)", "101 10 FF Z 00000101")]
    [InlineData("(format nil \"~r|~:r|~@r|~r|~r\" 1234 21 1999 0 -5)", "one thousand two hundred thirty-four|twenty-first|MCMXCIX|zero|minus five")]
    [InlineData("(format nil \"~f|~,1f|~8,2f|~,2f|~,0f\" 2.5 0.25 3.14159 -0.005 5)", "2.5|0.3|    3.14|-0.01|5.")]
    [InlineData("(format nil \"~$|~3$|~,5$|~@$\" 2.5 1.5 3.14 2)", "2.50|1.500|00003.14|+2.00")]
    [InlineData("(format nil \"~c~c\" #\\a #\\Space)", "a ")]
    [InlineData("(format nil \"a~&b~%~&c~2%d\")", "a\nb\nc\n\nd")]
    [InlineData("(format nil \"~(ABC~) ~:(foo bar~) ~@(foo BAR~) ~:@(foo~)\")", "abc Foo Bar Foo bar FOO")]
    [InlineData("(format nil \"~[zero~;one~:;many~] ~[a~;b~]\" 7 1)", "many b")]
    [InlineData("(format nil \"~2[a~;b~;c~]\")", "c")]
    [InlineData("(format nil \"~d item~:p, ~d item~:p, ~d fl~:@p\" 1 2 2)", "1 item, 2 items, 2 flies")]
    [InlineData("(format nil \"~a~*~a~2:*~a~0@*~a\" 1 2 3)", "1321")]
    [InlineData("(format nil \"a~5tb~2,4@tc~1,8td\")", "a    b  c        d")]
    [InlineData("(format nil \"~{<~a>~}|~{~a=~a~^;~}\" '(1 2) '(a 1 b 2))", "<1><2>|A=1;B=2")]
    [InlineData("(format nil \"~:{~a-~a ~}|~@{~a,~}\" '((1 2) (3 4)) 5 6)", "1-2 3-4 |5,6,")]
    [InlineData("(format nil \"~2{~a~}\" '(1 2 3))", "12")]
    [InlineData("(format nil \"~{x~:}\" nil)", "x")]
    [InlineData("(format nil \"~va|~#a\" 4 1 2)", "1   |2")]
    [InlineData("(format nil \"~s ~s ~s\" \"a\" #\\a :k)", "\"a\" #\\a :K")]
    [InlineData("(format nil \"~a ~a ~a\" t :k '(1 \"x\" nil))", "T K (1 x NIL)")]
    [InlineData("(format nil \"one ~\n   two\")", "one two")]
    [InlineData("(format nil \"~a ~a ~a ~a\" 1.0 1.0e20 0.0001 100.25)", "1.0 1.0e20 1.0e-4 100.25")]
    [InlineData("(apply #'format nil \"~a-~a\" (list 1 2))", "1-2")]
    [InlineData("(format nil \"~d ~x\" \"abc\" (/ 5 2))", "abc 5/2")]
    public void Directives(string expression, string expected) => Assert.Equal(expected, Eval.Run(expression));

    [Theory]
    [InlineData("(format nil \"~c\" 5)", "format ~c expected a character, found the number 5")]
    [InlineData("(format nil \"~{~a~}\" \"abc\")", "format ~{ expected a list, found the text \"abc\"")]
    [InlineData("(format nil \"~{~a~a~}\" '(1))", "format has no argument left for ~a")]
    [InlineData("(format nil \"~3*\" 1)", "format ~* goes beyond the arguments")]
    [InlineData("(format nil \"~@r\" 4000)", "~@r writes numbers from 1 to 3999, found the number 4000")]
    [InlineData("(format nil \"~,9999f\" 1)", "format ~f expected at most 1000 decimals, found the number 9999")]
    [InlineData("(funcall #'format nil \"~q\")", "format: Unknown directive '~q' in a format string")]
    [InlineData("(+ 1 \"2\")", "+ expected a number, found the text \"2\"")]
    [InlineData("(subseq \"abc\" 2 9)", "subseq: place 9 is outside a value of length 3")]
    [InlineData("(parse-integer \"5x\")", "parse-integer expected an integer, found the text \"5x\"")]
    [InlineData("(car \"abc\")", "car expected a list, found the text \"abc\"")]
    [InlineData("(funcall \"abc\")", "funcall expected a function such as #'string=, found the text \"abc\"")]
    [InlineData("(funcall (lambda (x) x))", "A lambda takes 1 arguments, found 0")]
    public void A_value_that_does_not_fit_is_named(string expression, string message) =>
        Assert.Equal(message, Assert.Throws<Sluice.Casts.TransformException>(() => Eval.Run(expression)).Message);
}

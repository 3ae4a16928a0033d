using RedshiftLocal.Faults;

namespace RedshiftLocal.Tests.Faults;

public sealed class FaultPlanTests
{
    [Theory]
    [InlineData("\"nth\": 3", "..x....")]
    [InlineData("\"every\": 3", "..x..x.")]
    [InlineData("\"count\": 2", "xx.....")]
    [InlineData("\"every\": 2, \"count\": 2", ".x.x...")]
    [InlineData("\"delayMs\": 0", "xxxxxxx")]
    public void A_rule_fires_at_the_passages_it_names(string when, string expected)
    {
        var plan = Plan($$"""{"point": "copy", "kind": "drop", {{when}}}""");

        Assert.Equal(expected, string.Concat(Enumerable.Range(0, 7).Select(_ => plan.Take(FaultPoint.Copy, "x") is null ? '.' : 'x')));
    }

    [Fact]
    public void Only_what_matches_is_counted()
    {
        var plan = Plan("""{"point": "statement", "contains": "INSERT", "kind": "error", "code": "57P01", "message": "gone", "nth": 2}""");

        Assert.Null(plan.Take(FaultPoint.Statement, "insert 1"));
        Assert.Null(plan.Take(FaultPoint.Statement, "select 1"));
        Assert.Null(plan.Take(FaultPoint.Copy, "insert 1"));
        Assert.Equal(new Fault(FaultKind.Error) { Code = "57P01", Message = "gone" }, plan.Take(FaultPoint.Statement, "insert 2"));
    }

    [Fact]
    public void The_first_rule_that_is_due_wins_and_the_others_count()
    {
        var plan = Plan("""[{"point": "copy", "kind": "drop", "count": 1}, {"point": "copy", "kind": "error", "code": "XX000", "nth": 2}]""");

        Assert.Equal(FaultKind.Drop, plan.Take(FaultPoint.Copy, "")!.Kind);
        Assert.Equal(FaultKind.Error, plan.Take(FaultPoint.Copy, "")!.Kind);
        Assert.Null(plan.Take(FaultPoint.Copy, ""));
    }

    [Fact]
    public void A_regular_expression_that_takes_too_long_does_not_match()
    {
        var plan = Plan("""{"point": "copy", "kind": "drop", "regex": "(a+)+$"}""");

        Assert.Null(plan.Take(FaultPoint.Copy, new string('a', 40) + "b"));
    }

    [Theory]
    [InlineData("", "The faults are not what is expected: ")]
    [InlineData("7", "The faults are not what is expected: expected an object or a list of faults")]
    [InlineData("{\"faults\": [], \"more\": 1}", "The faults are not what is expected: beside \"faults\" nothing else is known")]
    [InlineData("[null]", "Fault 1: null is no fault")]
    [InlineData("{\"point\": \"nowhere\", \"kind\": \"drop\"}", "The faults are not what is expected: the point is one of connect, statement, copy, unload, beforeCommit, afterCommit, errorRows, storeRequest (line 1, $.point)")]
    [InlineData("{\"point\": 1, \"kind\": \"drop\"}", "The faults are not what is expected: the point is one of connect, statement, copy, unload, beforeCommit, afterCommit, errorRows, storeRequest (line 1, $.point)")]
    [InlineData("{\"kind\": \"drop\"}", "The faults are not what is expected: a fault lacks the required properties including: 'point'")]
    [InlineData("{\"point\": \"copy\", \"kind\": \"explode\"}", "The faults are not what is expected: the kind is one of delay, drop, error, truncate, wrongChecksum (line 1, $.kind)")]
    [InlineData("{\"point\": \"copy\", \"kind\": \"drop\", \"often\": 1}", "The faults are not what is expected: The JSON property 'often' could not be mapped")]
    [InlineData("{\"point\": \"copy\", \"kind\": \"drop\", \"nth\": 0}", "Fault 1: nth, every and count start at 1")]
    [InlineData("{\"point\": \"copy\", \"kind\": \"drop\", \"nth\": 1, \"every\": 1}", "Fault 1: nth and every exclude each other")]
    [InlineData("{\"point\": \"copy\", \"kind\": \"delay\"}", "Fault 1: a delay needs delayMs")]
    [InlineData("{\"point\": \"copy\", \"kind\": \"drop\", \"delayMs\": -1}", "Fault 1: delayMs must not be negative")]
    [InlineData("{\"point\": \"copy\", \"kind\": \"error\"}", "Fault 1: an error needs a code: an SQLSTATE, or an S3 error code such as SlowDown")]
    [InlineData("{\"point\": \"storeRequest\", \"kind\": \"truncate\"}", "Fault 1: truncate needs bytes, 0 or more")]
    [InlineData("{\"point\": \"copy\", \"kind\": \"wrongChecksum\"}", "Fault 1: truncate and wrongChecksum exist at the point storeRequest only")]
    [InlineData("[{\"point\": \"copy\", \"kind\": \"drop\"}, {\"point\": \"copy\", \"kind\": \"drop\", \"regex\": \"(\"}]", "Fault 2: '(' is not a regular expression")]
    public void What_is_wrong_with_an_order_is_named(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => FaultPlan.Parse(json));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_cut_anywhere_is_refused_and_never_more_than_that()
    {
        const string Json = """{"faults": [{"point": "copy", "kind": "error", "code": "XX000", "contains": "é", "nth": 2}]}""";
        for (var length = 0; length < Json.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => FaultPlan.Parse(Json[..length]));
        }

        Assert.Single(FaultPlan.Parse(Json));
    }

    private static FaultPlan Plan(string json)
    {
        var plan = new FaultPlan();
        plan.Add(FaultPlan.Parse(json));
        return plan;
    }
}

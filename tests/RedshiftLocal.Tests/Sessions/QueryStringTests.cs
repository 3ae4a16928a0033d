using System.Text;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>The simple protocol.</summary>
public sealed class QueryStringTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statements_of_one_string_are_answered_in_turn()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);

        var answers = await client.QueryAsync("select 1; select 2 as b, 3 as c", Ct);

        Assert.Equal("TDCTDCZ", Letters(answers));
        Assert.Equal(["2", "3"], answers[4].Values);
    }

    [Fact]
    public async Task Select_and_fetch_have_bare_tags_and_changes_have_counts()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);
        await client.QueryAsync("create temp table tags (a int)", Ct);

        var answers = await client.QueryAsync(
            "begin; insert into tags values (1), (2); update tags set a = 3 where a = 1; declare c cursor for select a from tags; fetch 5 from c; "
            + "close c; delete from tags; select 1; commit",
            Ct);

        Assert.Equal(
            ["BEGIN", "INSERT 0 2", "UPDATE 1", "DECLARE CURSOR", "FETCH", "CLOSE CURSOR", "DELETE 2", "SELECT", "COMMIT"],
            answers.Where(answer => answer.Type == 'C').Select(answer => answer.Tag));
    }

    [Fact]
    public async Task An_error_undoes_what_came_before_it_in_the_string()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);
        await client.QueryAsync("create temp table undone (a int)", Ct);

        var answers = await client.QueryAsync("insert into undone values (1); select * from no_such_table; insert into undone values (2)", Ct);

        Assert.Equal("CEZ", Letters(answers));
        Assert.Equal("0", (await client.QueryAsync("select count(*) from undone", Ct))[1].Values[0]);
    }

    [Fact]
    public async Task A_commit_within_the_string_keeps_what_came_before_it()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);
        await client.QueryAsync("create temp table kept (a int)", Ct);

        await client.QueryAsync("begin; insert into kept values (1); commit; insert into kept values (2); select * from no_such_table", Ct);

        Assert.Equal("1", (await client.QueryAsync("select count(*) from kept", Ct))[1].Values[0]);
    }

    [Fact]
    public async Task A_syntax_error_anywhere_in_the_string_keeps_all_of_it_from_running()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);
        await client.QueryAsync("create temp table untouched (a int)", Ct);

        var answers = await client.QueryAsync("begin; insert into untouched values (1); commit; selec 1", Ct);

        Assert.Equal("EZ", Letters(answers));
        Assert.Equal("0", (await client.QueryAsync("select count(*) from untouched", Ct))[1].Values[0]);
    }

    [Fact]
    public async Task A_block_left_open_is_told_with_T_and_a_failed_one_with_E()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);

        var opened = await client.QueryAsync("begin", Ct);
        var failed = await client.QueryAsync("select * from no_such_table", Ct);
        var refused = await client.QueryAsync("select 1", Ct);
        var ended = await client.QueryAsync("commit", Ct);

        Assert.Equal("TEEI", string.Concat(new[] { opened, failed, refused, ended }.Select(answers => Encoding.ASCII.GetString(answers[^1].Payload))));
        Assert.Equal(
            ("25P02", "current transaction is aborted, commands ignored until end of transaction block"),
            (refused[0].Error.SqlState, refused[0].Error.Message));
        Assert.Equal("ROLLBACK", ended[0].Tag);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ; ;; ")]
    [InlineData("-- nothing\n/* at all */")]
    public async Task An_empty_string_gets_an_empty_answer(string sql)
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);

        Assert.Equal("IZ", Letters(await client.QueryAsync(sql, Ct)));
    }

    [Fact]
    public async Task Version_is_a_varchar_of_full_length_that_names_Redshift()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);

        var answers = await client.QueryAsync("select version()", Ct);

        Assert.Equal(("version", 1043, 65539), answers[0].Columns[0]);
        Assert.StartsWith("PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC", answers[1].Values[0], StringComparison.Ordinal);
        Assert.Contains("Redshift 1.0.", answers[1].Values[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_one_cursor_may_be_open()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);

        var answers = await client.QueryAsync("begin; declare a cursor for select 1; declare b cursor for select 2", Ct);
        await client.QueryAsync("rollback", Ct);
        var again = await client.QueryAsync("begin; declare c cursor for select 1; close c; declare d cursor for select 1; rollback", Ct);

        Assert.Equal("0A000", answers.Single(answer => answer.Type == 'E').Error.SqlState);
        Assert.DoesNotContain(again, answer => answer.Type == 'E');
    }

    [Fact]
    public async Task A_cursor_needs_a_transaction_block()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);

        Assert.Equal("25P01", (await client.QueryAsync("declare c cursor for select 1", Ct))[0].Error.SqlState);
    }

    [Fact]
    public async Task Truncate_commits_the_block_with_all_that_it_did()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);
        await client.QueryAsync("create temp table emptied (a int); create temp table beside (a int)", Ct);

        await client.QueryAsync("begin; insert into beside values (1)", Ct);
        var truncated = await client.QueryAsync("truncate emptied", Ct);
        await client.QueryAsync("rollback", Ct);

        Assert.Equal("I", Encoding.ASCII.GetString(truncated[^1].Payload));
        Assert.Equal("1", (await client.QueryAsync("select count(*) from beside", Ct))[1].Values[0]);
    }

    [Fact]
    public async Task A_function_call_message_is_refused_and_the_session_goes_on()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);
        client.Writer.Begin('F').Int32(1).Int16(0).Int16(0).Int16(0).End();
        await client.Writer.FlushAsync(Ct);

        Assert.Equal("0A000", (await client.ReadToReadyAsync(Ct))[0].Error.SqlState);
        Assert.Equal("TDCZ", Letters(await client.QueryAsync("select 1", Ct)));
    }

    [Fact]
    public async Task Copy_data_outside_a_copy_is_passed_over()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);
        client.Writer.Begin('d').Text("1").End();
        client.Writer.Message('c');
        await client.Writer.FlushAsync(Ct);

        Assert.Equal("TDCZ", Letters(await client.QueryAsync("select 1", Ct)));
    }

    private static string Letters(IEnumerable<Received> messages) => string.Concat(messages.Select(message => message.Type));
}

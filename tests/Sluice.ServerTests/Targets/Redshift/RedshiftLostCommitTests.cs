using System.Globalization;
using Sluice.Diagnostics;
using Sluice.Runs;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>
/// A connection that is lost around COMMIT. Only what Redshift wrote down of the transaction counts: rows that others write or delete meanwhile
/// prove nothing, however many they are. The tests of this class share a server and follow one another: faults are the server's.
/// </summary>
public sealed class RedshiftLostCommitTests(RedshiftServers servers)
{
    private const int Rows = 100;
    private const string LostBefore = """{"point":"beforeCommit","regex":"^COMMIT","nth":1,"kind":"drop"}""";
    private const string LostAfter = """{"point":"afterCommit","regex":"^COMMIT","nth":1,"kind":"drop"}""";
    private const string NobodyKnows = """{"point":"statement","regex":"^SELECT.* FROM (sys_transaction_history|stl_undone)","kind":"error","code":"42501","message":"permission denied"}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Loads => new()
    {
        { LostBefore, "" },
        { LostAfter, "" },
        { LostBefore, "copy per batch" },
        { LostAfter, "copy per batch" },
    };

    [Theory]
    [MemberData(nameof(Loads))]
    public async Task Each_row_is_there_once(string fault, string options)
    {
        using var load = await OpenAsync();
        await load.FaultAsync(fault, Ct);
        await IsLoadedAsync(load, load.LoadAsync(options, Ct), "own|100|100");
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public async Task Each_row_is_there_once_when_others_load_as_many(string fault, string options)
    {
        using var load = await OpenAsync();
        await load.FaultAsync(fault, Ct);
        var running = await WhenLostAsync(load, options, $"INSERT INTO {load.Table} SELECT id, 'other' FROM {load.Table}_other");
        await IsLoadedAsync(load, running, "other|100|100\nown|100|100");
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public async Task Each_row_is_there_once_when_others_delete_as_many(string fault, string options)
    {
        using var load = await OpenAsync();
        await load.ExecuteAsync($"INSERT INTO {load.Table} SELECT id, 'other' FROM {load.Table}_other", Ct);
        await load.FaultAsync(fault, Ct);
        var running = await WhenLostAsync(load, options, $"DELETE FROM {load.Table} WHERE note = 'other'");
        await IsLoadedAsync(load, running, "own|100|100");
    }

    [Theory]
    [InlineData("late", """{"point":"errorRows","contains":"loads","kind":"delay","delayMs":1000}""")]
    [InlineData("dropped", """{"point":"statement","contains":"sys_load_history","nth":1,"kind":"drop"}""")]
    [InlineData("dropped", """{"point":"statement","contains":"sys_transaction_history","nth":1,"kind":"drop"}""")]
    [InlineData("shut down", """{"point":"statement","contains":"sys_load_history","nth":1,"kind":"error","code":"57P01"}""")]
    public async Task The_question_is_asked_until_it_is_answered(string what, string fault)
    {
        foreach (var lost in (string[])[LostBefore, LostAfter])
        {
            using var load = await OpenAsync();
            await load.FaultAsync(lost, Ct);
            await load.FaultAsync(fault, Ct);
            await IsLoadedAsync(load, load.LoadAsync("", Ct), "own|100|100");
            Assert.Contains("committed", load.Everything, StringComparison.Ordinal);
            Assert.NotEmpty(what);
        }
    }

    [Theory]
    [InlineData(LostBefore, "")]
    [InlineData(LostAfter, "own|100|100\n")]
    public async Task What_cannot_be_known_is_said_with_the_way_to_find_out(string fault, string own)
    {
        using var load = await OpenAsync();
        await load.FaultAsync(fault, Ct);
        await load.FaultAsync(NobodyKnows, Ct);
        var running = await WhenLostAsync(load, "", $"INSERT INTO {load.Table} SELECT id, 'other' FROM {load.Table}_other");
        var result = await running;
        await load.ClearFaultsAsync(Ct);
        Assert.True(result.ExitCode == ExitCode.LoadFailed, load.Everything);
        Assert.Equal(string.Join('\n', ("other|100|100\n" + own).Trim().Split('\n')), await ContentAsync(load));
        Assert.Empty(await load.StagedAsync(Ct));
        Assert.Contains($"while the COPY of {Rows} rows into public.{load.Table} was being committed, and what became of it cannot be known", load.Shown, StringComparison.Ordinal);
        Assert.Contains("It had 0 rows before and has ", load.Shown, StringComparison.Ordinal);
        Assert.Contains("which proves nothing if others write to it", load.Shown, StringComparison.Ordinal);

        // The question that the message names has the answer.
        var question = load.Shown[load.Shown.IndexOf("SELECT t.status", StringComparison.Ordinal)..load.Shown.IndexOf("; committed: ", StringComparison.Ordinal)];
        Assert.Equal(own.Length > 0 ? "committed" : "rolledback", await load.QueryAsync(question, Ct));
    }

    [Fact]
    public async Task A_user_with_few_rights_learns_of_a_commit_that_was_rolled_back()
    {
        using var load = await OpenAsync(user: "few_rights_1");
        await load.FaultAsync(LostBefore, Ct);
        await IsLoadedAsync(load, load.RunAsync(Command(load, "few_rights_1"), Ct), "own|100|100");
    }

    [Fact]
    public async Task A_user_with_few_rights_is_not_told_of_a_commit()
    {
        using var load = await OpenAsync(user: "few_rights_2");
        load.Time = new HurriedTime(60);
        await load.FaultAsync(LostAfter, Ct);
        var result = await load.RunAsync(Command(load, "few_rights_2"), Ct);
        await load.ClearFaultsAsync(Ct);
        Assert.True(result.ExitCode == ExitCode.LoadFailed, load.Everything);
        Assert.Contains("what became of it cannot be known", load.Shown, StringComparison.Ordinal);
        Assert.Equal("own|100|100", await ContentAsync(load));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Theory]
    [InlineData(LostAfter, false, ExitCode.Success, "own|100|100", "")]
    [InlineData(LostBefore, false, ExitCode.LoadFailed, "", "while the single transaction was being committed, and it was rolled back, nothing was loaded")]
    [InlineData(LostAfter, true, ExitCode.LoadFailed, "own|100|100", "while the single transaction was being committed, and what became of it cannot be known")]
    public async Task A_single_transaction_is_looked_up_too(string fault, bool isSecret, ExitCode code, string content, string message)
    {
        using var load = await OpenAsync();
        await load.FaultAsync(fault, Ct);
        if (isSecret)
        {
            await load.FaultAsync(NobodyKnows, Ct);
        }

        var result = await load.LoadAsync("single transaction", Ct);
        await load.ClearFaultsAsync(Ct);
        Assert.True(result.ExitCode == code, load.Everything);
        Assert.Contains(message, load.Shown, StringComparison.Ordinal);
        Assert.Equal(isSecret, load.Shown.Contains("SELECT t.status FROM sys_load_history", StringComparison.Ordinal));
        Assert.Equal(content, await ContentAsync(load));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    private async Task<RedshiftCase> OpenAsync(string? user = null)
    {
        var load = await servers.OpenAsync(Ct, "lost-commits");
        load.Time = new HurriedTime();
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, note varchar(20)); CREATE TABLE {load.Table}_other (id integer)", Ct);
        await load.ExecuteAsync($"INSERT INTO {load.Table}_other VALUES {string.Join(',', Enumerable.Range(1, Rows).Select(id => $"({id})"))}", Ct);
        if (user is not null)
        {
            await load.ExecuteAsync($"CREATE USER {user} PASSWORD '{RedshiftServers.Password}'; GRANT INSERT, SELECT ON {load.Table} TO {user}", Ct);
        }

        return load.With("data.csv", string.Concat(Enumerable.Range(1, Rows).Select(id => $"{id.ToString(CultureInfo.InvariantCulture)},own\n")));
    }

    private static string Command(RedshiftCase load, string user) =>
        $"LOAD CSV FROM 'data.csv' INTO {load.Uri.Replace(RedshiftServers.User, user, StringComparison.Ordinal)} TARGET TABLE {load.Table} WITH fields terminated by ',';";

    // The others' statement runs once the commit was sent, and has run before its outcome is looked up.
    private static async Task<Task<RunResult>> WhenLostAsync(RedshiftCase load, string options, string others)
    {
        await load.FaultAsync("""{"point":"statement","contains":"sys_load_history","nth":1,"kind":"delay","delayMs":500}""", Ct);
        var from = load.Statements.Count;
        var running = load.LoadAsync(options, Ct);
        while (!running.IsCompleted && !load.Statements.Skip(from).Any(statement => statement.Contains("sys_load_history", StringComparison.Ordinal)))
        {
            await Task.Delay(10, Ct);
        }

        await load.ExecuteAsync(others, Ct);
        return running;
    }

    private static async Task IsLoadedAsync(RedshiftCase load, Task<RunResult> running, string content)
    {
        var result = await running;
        var fired = await load.ClearFaultsAsync(Ct);
        Assert.True(result.ExitCode == ExitCode.Success && !fired.Contains("\"fired\":0", StringComparison.Ordinal), $"{fired} {load.Everything}");
        Assert.Equal(content, await ContentAsync(load));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    private static Task<string> ContentAsync(RedshiftCase load) =>
        load.QueryAsync($"SELECT note, count(*), count(DISTINCT id) FROM {load.Table} GROUP BY note ORDER BY note", Ct);
}

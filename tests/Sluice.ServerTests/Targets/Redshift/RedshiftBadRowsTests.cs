using System.Globalization;
using System.Text;
using RedshiftLocal.Copy;
using Sluice.Diagnostics;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>Exactly the bad rows are set aside, wherever they sit and whoever finds them, with the row itself and its place in the file.</summary>
public sealed class RedshiftBadRowsTests(RedshiftServers servers)
{
    // Has digits, so that only the server can say that it is no date.
    private const string ServerRefuses = "31/31/2024x";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("integer", "", "22P02", "invalid input syntax for type integer: \"\"")]
    [InlineData("integer", "1.5", "22P02", "invalid input syntax for type integer: \"1.5\"")]
    [InlineData("integer", "2147483648", "22003", "value \"2147483648\" is out of range for type integer")]
    [InlineData("smallint", "-32769", "22003", "value \"-32769\" is out of range for type smallint")]
    [InlineData("bigint", "9223372036854775808", "22003", "is out of range for type bigint")]
    [InlineData("numeric(5,2)", "999.995", "22003", "numeric field overflow (A field with precision 5, scale 2 must round to an absolute value less than 10^3.)")]
    [InlineData("numeric(19,0)", "9223372036854775808", "22003", "numeric field overflow")]
    [InlineData("numeric(5,2)", "NaN", "22003", "\"NaN\" cannot be loaded into type numeric")]
    [InlineData("numeric(5,2)", "1,5", "22P02", "invalid input syntax for type numeric: \"1,5\"")]
    [InlineData("double precision", "1e400", "22003", "\"1e400\" is out of range for type double precision")]
    [InlineData("double precision", "1e-400", "22003", "\"1e-400\" is out of range for type double precision")]
    [InlineData("real", "-Infinity", "22003", "\"-Infinity\" cannot be loaded into type real")]
    [InlineData("boolean", "maybe", "22P02", "invalid input syntax for type boolean: \"maybe\"")]
    [InlineData("date", "", "22007", "invalid input syntax for type date: \"\"")]
    [InlineData("date", "2024-02-30", "22008", "date/time field value out of range: \"2024-02-30\"")]
    [InlineData("date", "infinity", "22008", "Redshift has no infinite dates")]
    [InlineData("timestamp", "someday", "22007", "invalid input syntax for type timestamp without time zone: \"someday\"")]
    [InlineData("varchar(3)", "äö", "22001", "value too long for type character varying(3) (The value has 4 bytes: Redshift counts bytes, not characters.)")]
    [InlineData("char(3)", "aä", "22P05", "character outside ASCII for type character(3): \"aä\"")]
    [InlineData("char(3)", "abcd", "22001", "value too long for type character(3)")]
    [InlineData("varchar(3)", "a\0", "22021", "invalid byte sequence for encoding \"UTF8\": 0x00")]
    [InlineData("super", "{a}", "22P02", "invalid input syntax for type json")]
    [InlineData("varbyte(2)", "xyz", "22023", "invalid hexadecimal digit")]
    [InlineData("varbyte(2)", "abc", "22023", "odd number of digits")]
    [InlineData("varbyte(2)", "aabbcc", "22001", "value too long for type")]
    [InlineData("varbyte(2)", "", "22000", "an empty value of type")]
    public async Task What_can_be_known_is_refused_before_upload(string type, string value, string state, string message)
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, value {type})", Ct);
        var result = await load.With("data.csv", $"1,\n2,\"{value}\"\n3,\n").LoadAsync("", Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, load.Everything);
        Assert.Equal("1\n3", await load.QueryAsync($"SELECT id FROM {load.Table} ORDER BY 1", Ct));
        Assert.Contains($"data.csv:2: server {state}: column value: ", load.Rejects("log"), StringComparison.Ordinal);
        Assert.Contains(message, load.Rejects("log"), StringComparison.Ordinal);
        Assert.StartsWith("2\t", load.Rejects("dat"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NULL_in_a_column_that_has_none_is_refused()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer not null, value varchar(10))", Ct);
        var result = await load.With("data.csv", "1,a\n,b\n").LoadAsync("", Ct);
        Assert.Equal(ExitCode.RowsRejected, result.ExitCode);
        Assert.Contains($"null value in column \"id\" of relation \"{load.Table}\" violates not-null constraint", load.Rejects("log"), StringComparison.Ordinal);
        Assert.Equal("\\N\tb\n", load.Rejects("dat"));
    }

    [Fact]
    public async Task A_row_of_more_than_four_megabytes_is_refused()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync(
            $"CREATE TABLE {load.Table} (id integer, {string.Join(", ", Enumerable.Range(0, 70).Select(i => $"c{i} varchar(65535)"))})", Ct);
        var long70 = string.Join(",", Enumerable.Repeat(new string('x', 65_000), 70));
        var short70 = string.Join(",", Enumerable.Repeat(new string('y', 50_000), 70));
        var result = await load.With("data.csv", $"1,{long70}\n2,{short70}\n").LoadAsync("", Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, load.Shown);
        Assert.Equal("2", await load.QueryAsync($"SELECT id FROM {load.Table}", Ct));
        Assert.Contains("data.csv:1: server 54000: the row is longer than 4 MB as CSV", load.Rejects("log"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LineNumbering.Physical, false, "copy per table")]
    [InlineData(LineNumbering.Physical, true, "copy per table")]
    [InlineData(LineNumbering.Records, false, "copy per table")]
    [InlineData(LineNumbering.Records, true, "copy per table")]
    [InlineData(LineNumbering.Physical, true, "copy per batch, batch rows = 70, batch size = 1MB")]
    [InlineData(LineNumbering.Records, true, "copy per batch, batch rows = 70, batch size = 1MB")]
    public async Task Rows_that_the_server_refuses_are_found_however_lines_are_counted(LineNumbering counting, bool hasLineBreaks, string options)
    {
        using var load = await servers.OpenAsync(Ct, $"lines-{counting}", options => options with { LineNumbers = counting });
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, day date, note varchar(100))", Ct);
        var csv = new StringBuilder();
        int[] bad = [1, 2, 17, 18, 19, 60, 200];
        for (var id = 1; id <= 200; id++)
        {
            var day = bad.Contains(id) ? ServerRefuses : "2024-01-01";
            var note = hasLineBreaks && id % 3 != 0 ? "\"one\ntwo, \"\"three\"\"\r\nfour\"" : "plain";
            csv.Append(CultureInfo.InvariantCulture, $"{id},{day},{note}\n");
        }

        var result = await load.With("data.csv", csv.ToString()).LoadAsync(options, Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, load.Everything);
        Assert.Equal("193", await load.CountAsync(Ct));
        Assert.Equal(bad, Ids(load.Rejects("dat")));
        Assert.Contains("server 22007: column day: ", load.Rejects("log"), StringComparison.Ordinal);
        Assert.Contains(hasLineBreaks ? "data.csv:4: " : "data.csv:2: ", load.Rejects("log"), StringComparison.Ordinal);
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task The_row_itself_is_in_the_reject_file()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, day date, a varchar(100), b varchar(100))", Ct);
        var result = await load.With("data.csv", $"1,2024-01-01,,\n2,{ServerRefuses},,\"\"\n3,{ServerRefuses},\"a\t\\N \"\"\nb\",x\n").LoadAsync("", Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, load.Everything);
        Assert.Equal($"2\t{ServerRefuses}\t\\N\t\n3\t{ServerRefuses}\ta\\t\\\\N \"\\nb\tx\n", load.Rejects("dat"));
    }

    [Fact]
    public async Task On_error_stop_loads_nothing_and_names_the_first_row_that_the_server_refuses()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, day date)", Ct);
        var result = await load.With("data.csv", $"1,2024-01-01\n2,{ServerRefuses}\n3,{ServerRefuses}\n").LoadAsync("on error stop", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains("Stopped at the first rejected row", load.Shown, StringComparison.Ordinal);
        Assert.Contains("data.csv:2)", load.Shown, StringComparison.Ordinal);
        Assert.Equal("0", await load.CountAsync(Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task On_error_stop_loads_nothing_when_a_row_is_refused_before_upload()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        var result = await load.With("data.csv", "1\nx\n3\n").LoadAsync("on error stop", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains("data.csv:2)", load.Shown, StringComparison.Ordinal);
        Assert.Equal("0", await load.CountAsync(Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task More_rejects_than_max_errors_load_nothing()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, day date)", Ct);
        var result = await load.With("data.csv", $"1,2024-01-01\n2,{ServerRefuses}\n3,{ServerRefuses}\n4,\n").LoadAsync("max errors = 1", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains("more than 1 rows were rejected", load.Shown, StringComparison.Ordinal);
        Assert.Equal("0", await load.CountAsync(Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task On_error_stop_with_a_COPY_for_each_batch_loads_what_precedes_the_row()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, day date)", Ct);
        var csv = string.Concat(Enumerable.Range(1, 100).Select(id => $"{id},{(id is 58 or 61 ? ServerRefuses : "2024-01-01")}\n"));
        var result = await load.With("data.csv", csv).LoadAsync("on error stop, copy per batch, batch rows = 20, batch size = 1MB", Ct);
        Assert.True(result.ExitCode == ExitCode.LoadFailed, load.Everything);
        Assert.Equal("57|57", await load.QueryAsync($"SELECT count(*), max(id) FROM {load.Table}", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task More_refused_rows_than_COPY_leaves_out_load_nothing()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, day date)", Ct);
        var csv = string.Concat(Enumerable.Range(1, 100_010).Select(id => $"{id},{(id % 1000 == 5 ? "2024-01-01" : ServerRefuses)}\n"))
            + string.Concat(Enumerable.Range(1, 200).Select(id => $"{id},{ServerRefuses}\n"));
        load.Time = new HurriedTime();
        var result = await load.With("data.csv", csv).LoadAsync("batch rows = 20000, batch size = 1MB", Ct);
        Assert.True(result.ExitCode == ExitCode.LoadFailed, load.Shown);
        Assert.Contains("100,000 rows or more were refused, and COPY leaves out fewer than that; most of them for: column day: ", load.Shown, StringComparison.Ordinal);
        Assert.Equal("0", await load.CountAsync(Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task A_load_that_is_cancelled_in_its_COPY_loads_nothing_and_leaves_nothing()
    {
        using var load = await servers.OpenAsync(Ct, "limits");
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        await load.FaultAsync($$"""{"point":"copy","contains":"{{load.Table}}","kind":"delay","delayMs":20000}""", Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var loading = load.With("data.csv", "1\n2\n").RunAsync(
            $"LOAD CSV FROM 'data.csv' INTO {load.Uri} TARGET TABLE {load.Table} WITH fields terminated by ',';", stop.Token);
        while (!load.Statements.Any(statement => statement.Contains($"COPY \"public\".\"{load.Table}\"", StringComparison.Ordinal)))
        {
            await Task.Delay(20, Ct);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading);
        Assert.Equal("0", await load.CountAsync(Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task Where_all_rows_are_refused_none_is_loaded_and_all_are_rejected()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, day date)", Ct);
        var csv = string.Concat(Enumerable.Range(1, 500).Select(id => $"{id},{ServerRefuses}\n"));
        var result = await load.With("data.csv", csv).LoadAsync("", Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, load.Shown);
        Assert.Equal("0", await load.CountAsync(Ct));
        Assert.Equal(Enumerable.Range(1, 500), Ids(load.Rejects("dat")));
    }

    [Fact]
    public async Task A_serverless_workgroup_tells_by_its_own_views()
    {
        using var load = await servers.OpenAsync(Ct, "serverless", options => options with { Serverless = true });
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, day date)", Ct);
        var result = await load.With("data.csv", $"1,2024-01-01\n2,{ServerRefuses}\n").LoadAsync("", Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, load.Everything);
        Assert.Equal("1", await load.QueryAsync($"SELECT id FROM {load.Table}", Ct));
    }

    private static IEnumerable<int> Ids(string rejects) => rejects.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => int.Parse(line.Split('\t')[0], CultureInfo.InvariantCulture)).Order();
}

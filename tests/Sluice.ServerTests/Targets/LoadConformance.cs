using System.Text;
using Sluice.Diagnostics;
using Sluice.Runs;

namespace Sluice.ServerTests.Targets;

/// <summary>What a load promises whatever the target is: each fact runs whole loads and looks into the table and the reject files.</summary>
public abstract class LoadConformance
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A place of its own for one test.</summary>
    protected abstract Task<ILoadTarget> OpenAsync(CancellationToken ct);

    [Fact]
    public async Task Null_and_the_empty_string_stay_different_and_text_arrives_byte_for_byte()
    {
        await using var target = await OpenAsync("id integer, a varchar(60), b varchar(60)");
        await LoadsAsync(target, "1,,\"\"\n2,\"a\"\"b\\c|d\",\"x\r\ny\"\n3,\"\\N\",😀ä\n4,\" lead\",\"tail \"\n", "");
        Assert.Equal(
            "1|\\N|0\n2|6122625c637c64|780d0a79\n3|5c4e|f09f9880c3a4\n4|206c656164|7461696c20",
            (await target.RowsAsync("id, a, b", Ct)).Aggregate(new StringBuilder(), Hex).ToString().TrimEnd('\n'));
    }

    [Fact]
    public async Task Edge_numbers_and_dates_arrive()
    {
        await using var target = await OpenAsync("id bigint, s smallint, n numeric(20,4), d date, t timestamp, z timestamptz");
        await LoadsAsync(
            target, "9223372036854775807,-32768,-9999999999999999.9999,0001-01-01,9999-12-31 23:59:59.999999,2024-02-29 12:00:00.000001+05:30\n-9223372036854775808,32767,0.00005,2024-02-29,2024-02-29 00:00:00,2024-02-29 00:00:00Z\n", "");
        Assert.Equal(
            [
                "-9223372036854775808|32767|0.0001|2024-02-29|2024-02-29 00:00:00|2024-02-29 00:00:00+00",
                "9223372036854775807|-32768|-9999999999999999.9999|0001-01-01|9999-12-31 23:59:59.999999|2024-02-29 06:30:00.000001+00",
            ],
            (await target.RowsAsync("id, s, n, d, t, z", Ct)).Select(row => string.Join('|', row)));
    }

    [Fact]
    public async Task Bad_rows_are_set_aside_and_all_others_loaded()
    {
        await using var target = await OpenAsync("id integer not null, s varchar(3)");
        var result = await target.LoadAsync("1,a\nx,b\n3,long\n,d\n5,e\n", "", "", "", Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, target.Everything);
        Assert.Equal((2L, 3L), (Total(result, line => line.Loaded), Total(result, line => line.Rejected)));
        Assert.Equal(["1|a", "5|e"], (await target.RowsAsync("id, s", Ct)).Select(row => string.Join('|', row)));
        Assert.Equal(["3\tlong", "\\N\td", "x\tb"], target.Rejects.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task On_error_stop_the_first_bad_row_ends_the_load()
    {
        await using var target = await OpenAsync("id integer");
        var result = await target.LoadAsync("1\nx\n3\n", "on error stop", "", "", Ct);
        Assert.NotEqual(ExitCode.Success, result.ExitCode);
        Assert.DoesNotContain("3", (await target.RowsAsync("id", Ct)).Select(row => row[0]));
    }

    [Fact]
    public async Task Truncate_empties_the_table_first_and_an_empty_file_loads_nothing()
    {
        await using var target = await OpenAsync("id integer");
        await LoadsAsync(target, "1\n2\n", "");
        await LoadsAsync(target, "3\n", "truncate");
        Assert.Equal(["3"], (await target.RowsAsync("id", Ct)).Select(row => row[0]));
        var result = await LoadsAsync(target, "", "truncate");
        Assert.Equal(0, Total(result, line => line.Loaded));
        Assert.Empty(await target.RowsAsync("id", Ct));
    }

    [Fact]
    public async Task Statements_run_before_and_after_the_load()
    {
        await using var target = await OpenAsync("id integer");
        var result = await target.LoadAsync(
            "1\n", "", "", $"BEFORE LOAD DO $$ INSERT INTO {target.Table} VALUES (10) $$ AFTER LOAD DO $$ UPDATE {target.Table} SET id = id + 100 $$", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, target.Everything);
        Assert.Equal(["101", "110"], (await target.RowsAsync("id", Ct)).Select(row => row[0]));
    }

    [Fact]
    public async Task A_missing_column_is_named_and_nothing_is_done()
    {
        await using var target = await OpenAsync("quantity integer");
        var result = await target.LoadAsync("1\n", "truncate", "(quantiti)", "", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains("has no column quantiti", Assert.Single(result.Failures).Message, StringComparison.Ordinal);
        Assert.Empty(await target.RowsAsync("quantity", Ct));
    }

    [Fact]
    public async Task A_missing_table_is_named()
    {
        await using var target = await OpenAsync("id integer");
        await target.ExecuteAsync($"DROP TABLE {target.Table}", Ct);
        var result = await target.LoadAsync("1\n", "", "", "", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains($"{target.Table} does not exist", Assert.Single(result.Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_rows_are_counted_exactly()
    {
        await using var target = await OpenAsync("id integer");
        var result = await LoadsAsync(target, string.Concat(Enumerable.Range(1, 2000).Select(id => $"{id}\n")), "");
        Assert.Equal((2000L, 2000L), (Total(result, line => line.Read), Total(result, line => line.Loaded)));
        Assert.Equal(2000, (await target.RowsAsync("id", Ct)).Select(row => row[0]).Distinct().Count());
    }

    private static StringBuilder Hex(StringBuilder text, string[] row) =>
        text.Append(row[0]).Append('|').Append(Hex(row[1])).Append('|').Append(Hex(row[2])).Append('\n');

    private static string Hex(string value) => value switch
    {
        "<null>" => "\\N",
        "" => "0",
        _ => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value)),
    };

    private static long Total(RunResult result, Func<RunLine, long> count) => result.Progress.Lines.Where(line => line.Section == SummarySection.Data).Sum(count);

    private static async Task<RunResult> LoadsAsync(ILoadTarget target, string csv, string options)
    {
        var result = await target.LoadAsync(csv, options, "", "", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, target.Everything);
        return result;
    }

    private async Task<ILoadTarget> OpenAsync(string columns)
    {
        var target = await OpenAsync(Ct);
        await target.ExecuteAsync($"CREATE TABLE {target.Table} ({columns})", Ct);
        return target;
    }
}

/// <summary>A table that a test loads into, wherever it is.</summary>
public interface ILoadTarget : IAsyncDisposable
{
    string Table { get; }

    /// <summary>All that was shown and logged.</summary>
    string Everything { get; }

    /// <summary>The lines of the reject files, as COPY text.</summary>
    string Rejects { get; }

    Task ExecuteAsync(string sql, CancellationToken ct);

    Task<RunResult> LoadAsync(string csv, string options, string columns, string clauses, CancellationToken ct);

    /// <summary>All rows of the table in the order of the first column; NULL as <c>&lt;null&gt;</c>.</summary>
    Task<IReadOnlyList<string[]>> RowsAsync(string columns, CancellationToken ct);
}

using Sluice.Diagnostics;
using Sluice.Runs;

namespace Sluice.ServerTests.Targets;

/// <content>Whole loads of files, as the program does them, and what is in the table and the reject files afterwards.</content>
public abstract partial class TargetConformance
{
    [Fact]
    public async Task Null_and_the_empty_string_stay_different_and_text_arrives_byte_for_byte()
    {
        await using var site = await OpenAsync("id integer, a varchar(60), b varchar(60)");
        await LoadsAsync(site, "1,,\"\"\n2,\"a\"\"b\\c|d\",\"x\r\ny\"\n3,\"\\N\",😀ä\n4,\" lead\",\"tail \"\n", "");
        Assert.Equal(
            ["1|NULL|''", "2|'a\"b\\c|d'|'x\r\ny'", "3|'\\N'|'😀ä'", "4|' lead'|'tail '"],
            await site.RowsAsync(string.Join(", ", "id", Shown("a"), Shown("b")), Ct));
        Assert.Equal(["1|<null>|0", "2|7|4", "3|2|6", "4|5|5"], await site.RowsAsync("id, octet_length(a), octet_length(b)", Ct));

        static string Shown(string column) => $"CASE WHEN {column} IS NULL THEN 'NULL' ELSE '''' || {column} || '''' END";
    }

    [Fact]
    public async Task Null_and_the_empty_string_stay_different_in_every_type()
    {
        await using var site = await OpenAsync("id integer, n numeric(9,2), d date, t timestamp, b boolean, f double precision, c char(3)");
        var result = await site.LoadAsync("1,,,,,,\n2,\"\",,,,,\n3,,\"\",,,,\n4,,,\"\",,,\n5,,,,\"\",,\n6,,,,,\"\",\n7,1.5,2024-02-29,2024-02-29 01:02:03,t,2.5,x\n", "", "", "", Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, site.Everything);
        Assert.Equal(["1|<null>|<null>|<null>|<null>|<null>", "7|1.50|2024-02-29|2024-02-29 01:02:03|t|2.5"], await site.RowsAsync("id, n, d, t, b, f", Ct));
        Assert.Equal(5, Sorted(site.Rejects).Length);
    }

    [Fact]
    public async Task Edge_numbers_and_dates_arrive()
    {
        await using var site = await OpenAsync("id bigint, s smallint, n numeric(20,4), d date, t timestamp, z timestamptz");
        await LoadsAsync(
            site, "9223372036854775807,-32768,-9999999999999999.9999,0001-01-01,9999-12-31 23:59:59.999999,2024-02-29 12:00:00.000001+05:30\n-9223372036854775808,32767,0.00005,2024-02-29,2024-02-29 00:00:00,2024-02-29 00:00:00Z\n", "");
        Assert.Equal(
            [
                "-9223372036854775808|32767|0.0001|2024-02-29|2024-02-29 00:00:00|2024-02-29 00:00:00+00",
                "9223372036854775807|-32768|-9999999999999999.9999|0001-01-01|9999-12-31 23:59:59.999999|2024-02-29 06:30:00.000001+00",
            ],
            await site.RowsAsync("id, s, n, d, t, z", Ct));
    }

    [Fact]
    public async Task Bad_rows_are_set_aside_and_all_others_loaded()
    {
        await using var site = await OpenAsync("id integer not null, s varchar(3)");
        var result = await site.LoadAsync("1,a\nx,b\n3,long\n,d\n5,e\n", "", "", "", Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, site.Everything);
        Assert.Equal((2L, 3L), (Total(result, line => line.Loaded), Total(result, line => line.Rejected)));
        Assert.Equal(["1|a", "5|e"], await site.RowsAsync("id, s", Ct));
        Assert.Equal(["3\tlong", "\\N\td", "x\tb"], Sorted(site.Rejects));
    }

    [Fact]
    public async Task On_error_stop_the_first_bad_row_ends_the_load()
    {
        await using var site = await OpenAsync("id integer");
        var result = await site.LoadAsync("1\nx\n3\n", "on error stop", "", "", Ct);
        Assert.NotEqual(ExitCode.Success, result.ExitCode);
        Assert.DoesNotContain("3", await site.RowsAsync("id", Ct));
    }

    [Fact]
    public async Task Truncate_empties_the_table_first_and_an_empty_file_loads_nothing()
    {
        await using var site = await OpenAsync("id integer");
        await LoadsAsync(site, "1\n2\n", "");
        await LoadsAsync(site, "3\n", "truncate");
        Assert.Equal(["3"], await site.RowsAsync("id", Ct));
        var result = await LoadsAsync(site, "", "truncate");
        Assert.Equal(0, Total(result, line => line.Loaded));
        Assert.Empty(await site.RowsAsync("id", Ct));
    }

    [Fact]
    public async Task Statements_run_before_and_after_the_load()
    {
        await using var site = await OpenAsync("id integer");
        var result = await site.LoadAsync(
            "1\n", "", "", $"BEFORE LOAD DO $$ INSERT INTO {site.Table} VALUES (10) $$ AFTER LOAD DO $$ UPDATE {site.Table} SET id = id + 100 $$", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, site.Everything);
        Assert.Equal(["101", "110"], await site.RowsAsync("id", Ct));
    }

    [Fact]
    public async Task A_missing_column_is_named_and_nothing_is_done()
    {
        await using var site = await OpenAsync("quantity integer");
        await site.ExecuteAsync($"INSERT INTO {site.Table} VALUES (7)", Ct);
        var result = await site.LoadAsync("1\n", "truncate", "(quantiti)", "", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains("has no column quantiti", Assert.Single(result.Failures).Message, StringComparison.Ordinal);
        Assert.Equal(["7"], await site.RowsAsync("quantity", Ct));
    }

    [Fact]
    public async Task A_missing_table_is_named()
    {
        await using var site = await OpenAsync(Ct);
        var result = await site.LoadAsync("1\n", "", "", "", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains($"{site.Table} does not exist", Assert.Single(result.Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_rows_are_counted_exactly()
    {
        await using var site = await OpenAsync("id integer");
        var result = await LoadsAsync(site, string.Concat(Enumerable.Range(1, 2000).Select(id => $"{id}\n")), "batch rows = 300, batch size = 64 kB");
        Assert.Equal((2000L, 2000L), (Total(result, line => line.Read), Total(result, line => line.Loaded)));
        Assert.Equal(2000, (await site.RowsAsync("id", Ct)).Distinct().Count());
    }

    private static string[] Sorted(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private static long Total(RunResult result, Func<RunLine, long> count) => result.Progress.Lines.Where(line => line.Section == SummarySection.Data).Sum(count);

    private static async Task<RunResult> LoadsAsync(TargetSite site, string csv, string options)
    {
        var result = await site.LoadAsync(csv, options, "", "", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, site.Everything);
        return result;
    }
}

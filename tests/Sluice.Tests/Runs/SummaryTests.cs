using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Diagnostics;
using Sluice.Runs;
using Sluice.Runs.Summary;
using Sluice.Tests.Cli;

namespace Sluice.Tests.Runs;

public class SummaryTests
{
    private static readonly SummaryReport FileLoad = Report(
        Row(SummarySection.Before, "fetch", 0, 0, 4),
        Row(SummarySection.Before, "before load", 2, 0, 32),
        Row(SummarySection.Data, "\"public\".\"track\"", 2, 2, 40) with { Read = 5, Skipped = 1, Bytes = 18, ReadTime = Ms(32), WriteTime = Ms(4) },
        Row(SummarySection.After, "Files Processed", 1, 0, 12),
        Row(SummarySection.After, "COPY Threads Completion", 2, 0, 40),
        Row(SummarySection.After, "after load", 1, 0, 32)) with
    {
        ExitCode = ExitCode.RowsRejected,
        Elapsed = Ms(84),
    };

    [Fact]
    public void Under_the_name_pgloader_the_table_is_pgloader_s() =>
        Assert.Equal(
            """
                         table name     errors       rows      bytes      total time
            -----------------------  ---------  ---------  ---------  --------------
                              fetch          0          0                     0.004s
                        before load          0          2                     0.032s
            -----------------------  ---------  ---------  ---------  --------------
                   "public"."track"          2          2     0.0 kB          0.040s
            -----------------------  ---------  ---------  ---------  --------------
                    Files Processed          0          1                     0.012s
            COPY Threads Completion          0          2                     0.040s
                         after load          0          1                     0.032s
            -----------------------  ---------  ---------  ---------  --------------
                  Total import time          2          2     0.0 kB          0.084s

            """,
            Pgloader(FileLoad, verbose: false));

    [Theory]
    [InlineData(ExitCode.Success, "✓")]
    [InlineData(ExitCode.LoadFailed, "✗")]
    [InlineData(ExitCode.Interrupted, "✗")]
    public void Only_a_success_is_ticked_off(ExitCode exitCode, string mark)
    {
        var report = Report(Row(SummarySection.Data, "public.track", 2, 0, 40), Row(SummarySection.After, "after load", 0, 0, 1)) with { ExitCode = exitCode };
        Assert.Contains(mark, Pgloader(report, verbose: false).Split("Total import time")[1], StringComparison.Ordinal);
        using var output = new StringWriter();
        TextSummary.Write(report, output, verbose: false);
        Assert.Contains(mark, output.ToString().Split("Total import time")[1].Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Under_the_name_pgloader_the_verbose_table_ends_lines_without_times_in_four_blanks() =>
        Assert.Equal(
            """
                         table name     errors       read   imported      bytes      total time       read      write
            -----------------------  ---------  ---------  ---------  ---------  --------------  ---------  ---------
                              fetch          0          0          0                     0.004s····
                        before load          0          2          2                     0.032s····
            -----------------------  ---------  ---------  ---------  ---------  --------------  ---------  ---------
                   "public"."track"          2          5          2     0.0 kB          0.040s     0.032s     0.004s
            -----------------------  ---------  ---------  ---------  ---------  --------------  ---------  ---------
                    Files Processed          0          1          1                     0.012s····
            COPY Threads Completion          0          2          2                     0.040s····
                         after load          0          1          1                     0.032s····
            -----------------------  ---------  ---------  ---------  ---------  --------------  ---------  ---------
                  Total import time          2          5          2     0.0 kB          0.084s····

            """.Replace('·', ' '),
            Pgloader(FileLoad, verbose: true));

    [Fact]
    public void Pgloader_s_table_without_data_has_two_rules_and_no_footer() =>
        Assert.Equal(
            """
                   table name     errors       rows      bytes      total time
            -----------------  ---------  ---------  ---------  --------------
              fetch meta data          0          0                     0.000s
            -----------------  ---------  ---------  ---------  --------------
            -----------------  ---------  ---------  ---------  --------------

            """,
            Pgloader(Report(Row(SummarySection.Before, "fetch meta data", 0, 0, 0)), verbose: false));

    [Fact]
    public void Pgloader_s_table_without_any_line_has_two_rules() =>
        Assert.Equal(
            """
                   table name     errors       rows      bytes      total time
            -----------------  ---------  ---------  ---------  --------------
            -----------------  ---------  ---------  ---------  --------------

            """,
            Pgloader(Report(), verbose: false));

    [Fact]
    public void Pgloader_s_table_of_a_schema_only_run_has_a_footer_without_data() =>
        Assert.Equal(
            """
                   table name     errors       rows      bytes      total time
            -----------------  ---------  ---------  ---------  --------------
            -----------------  ---------  ---------  ---------  --------------
            Set Table Owners           0          1                     0.001s
            -----------------  ---------  ---------  ---------  --------------
            Total import time          ✓          0                     0.000s

            """.Replace("Set Table Owners ", " Set Table Owners", StringComparison.Ordinal),
            Pgloader(Report(Row(SummarySection.After, "Set Table Owners", 1, 0, 1)), verbose: false));

    [Fact]
    public void A_data_line_without_wall_time_shows_the_longer_of_reading_and_writing()
    {
        var report = Report(Row(SummarySection.Data, "t", 1, 0, 0) with { ReadTime = Ms(5), WriteTime = Ms(9) });

        Assert.Contains("                t          0          1                     0.009s\n", Pgloader(report, verbose: false), StringComparison.Ordinal);
    }

    [Fact]
    public void The_csv_file_is_pgloader_s() =>
        Assert.Equal(
            "\"fetch\";0;0;0;0;\"0.004s\"\n\"before load\";2;2;0;0;\"0.032s\"\n\"\\\"public\\\".\\\"track\\\"\";5;2;2;18;\"0.040s\"\n"
            + "\"Files Processed\";1;1;0;0;\"0.012s\"\n\"COPY Threads Completion\";2;2;0;0;\"0.040s\"\n\"after load\";1;1;0;0;\"0.032s\"",
            DelimitedSummary.Csv([FileLoad]));

    [Fact]
    public void The_copy_file_is_pgloader_s() =>
        Assert.StartsWith(
            "fetch\t0\t0\t0\t0\t\"0.004s\"\nbefore load\t2\t2\t0\t0\t\"0.032s\"\n\"public\".\"track\"\t5\t2\t2\t18\t\"0.040s\"\n",
            DelimitedSummary.Copy([FileLoad]),
            StringComparison.Ordinal);

    [Fact]
    public void A_label_with_a_tab_stays_one_field_of_the_copy_file() =>
        Assert.Equal("a\\tb\\nc\\\\\t0\t0\t0\t0\t\"0.000s\"", DelimitedSummary.Copy([Report(Row(SummarySection.Data, "a\tb\nc\\", 0, 0, 0))]));

    [Fact]
    public void Several_runs_follow_each_other_in_the_csv_file() =>
        Assert.Equal(12, DelimitedSummary.Csv([FileLoad, FileLoad]).Split('\n').Length);

    [Fact]
    public void Pgloader_s_json_has_its_keys_and_is_valid()
    {
        var text = PgloaderJsonSummary.Write([FileLoad]);

        JsonDocument.Parse(text);
        Assert.StartsWith(
            """{"PRELOAD":[[{"NAME":"fetch","READ":0,"ROWS":0,"ERRS":0,"SECS":0.004,"RS":0.0,"WS":0.0,"BYTES":0,"START":0,"STOP":4000},""",
            text,
            StringComparison.Ordinal);
        Assert.Contains("\"DATA\":[[{\"NAME\":\"\\\"public\\\".\\\"track\\\"\",\"READ\":5,\"ROWS\":2,\"ERRS\":2,\"SECS\":0.04,\"RS\":0.032,", text, StringComparison.Ordinal);
        Assert.EndsWith("\"BYTES\":18,\"SECS\":0.084}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_summary_holds_everything() => Snapshot.Check("summary.json", JsonSummary.Write([Full(), Report()], "0.1.0", ExitCode.RowsRejected));

    [Fact]
    public void The_text_summary_tells_the_outcome_below_the_table() => Snapshot.Check("summary.txt", Text(Full(), verbose: false));

    [Fact]
    public void The_verbose_text_summary_adds_columns() => Snapshot.Check("summary-verbose.txt", Text(Full(), verbose: true));

    [Fact]
    public void Wide_numbers_widen_their_column() =>
        Snapshot.Check(
            "summary-wide.txt",
            Text(
                Report(
                    Row(SummarySection.Data, "public.small", 1, 0, 1) with { Bytes = 1 },
                    Row(SummarySection.Data, "public.large", 123_456_789_012, 0, 90_061_001) with { Bytes = 5L << 40 }),
                verbose: true));

    [Fact]
    public void A_clean_load_ends_in_one_sentence() =>
        Assert.EndsWith(
            "\n\nread 3 = loaded 3 + rejected 0 + skipped 0\nLoaded 3 rows into postgresql://bob@db/shop in 0.084s.\n",
            Text(Report(Row(SummarySection.Data, "t", 3, 0, 4)) with { Elapsed = Ms(84), Target = "postgresql://bob@db/shop" }, verbose: false),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(ExitCode.LoadFailed, "Failed after 1.000s: 3 rows loaded.")]
    [InlineData(ExitCode.Interrupted, "Interrupted after 1.000s: 3 rows loaded.")]
    [InlineData(ExitCode.Terminated, "Terminated after 1.000s: 3 rows loaded.")]
    public void A_load_that_did_not_finish_says_what_is_loaded(ExitCode exitCode, string sentence)
    {
        var report = Report(Row(SummarySection.Data, "t", 3, 0, 4) with { Read = 4 }) with { ExitCode = exitCode, Elapsed = Ms(1000) };

        Assert.Contains(sentence, Text(report, verbose: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 3, 0, "read 4 ≠ loaded 3 + rejected 0 + skipped 0: 1 record unaccounted for; this load cannot be trusted")]
    [InlineData(4, 3, 3, "read 4 ≠ loaded 3 + rejected 3 + skipped 0: 2 records more than were read; this load cannot be trusted")]
    public void Counters_that_disagree_are_told(long read, long loaded, long rejected, string line)
    {
        var report = Report(Row(SummarySection.Data, "t", loaded, rejected, 4) with { Read = read });

        Assert.False(report.IsBalanced);
        Assert.Contains(line, Text(report, verbose: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_wrong_tables_do_not_make_a_right_sum()
    {
        var report = Report(
            Row(SummarySection.Data, "t", 3, 0, 4) with { Read = 4 }, Row(SummarySection.Data, "u", 3, 0, 4) with { Read = 2 });

        Assert.False(report.IsBalanced);
        Assert.Contains("the tables do not add up one by one", Text(report, verbose: false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_run_that_does_not_add_up_becomes_a_failure()
    {
        var progress = new RunProgress(new ManualTime());
        progress.Add(SummarySection.Data, "t").AddRead(1);

        var report = SummaryReport.From(new RunResult { ExitCode = ExitCode.Success, Progress = progress }, "x", "CSV", null, default);

        Assert.Equal(ExitCode.LoadFailed, report.ExitCode);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(18, "  0.0 kB")]
    [InlineData(103, "  0.1 kB")]
    [InlineData(1536, "  1.5 kB")]
    [InlineData(5_242_880, "  5.0 MB")]
    [InlineData(1_073_741_823, "1024.0 MB")]
    [InlineData(1_073_741_824, "  1.0 GB")]
    [InlineData(1_099_511_627_776, "  1.0 TB")]
    public void Sizes_are_spelled_as_pgloader_does(long bytes, string text) => Assert.Equal(text, SummaryFormats.Bytes(bytes));

    [Theory]
    [InlineData(0, "0.000s")]
    [InlineData(58, "0.058s")]
    [InlineData(59_999.6, "1m0.000s")]
    [InlineData(68_390, "1m8.390s")]
    [InlineData(7_200_000, "2h0.000s")]
    [InlineData(90_061_001, "1 days 1h1m1.001s")]
    public void Times_are_spelled_as_pgloader_does(double milliseconds, string text) =>
        Assert.Equal(text, SummaryFormats.Time(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData("s.csv", "\"t\";")]
    [InlineData("s.copy", "t\t")]
    [InlineData("s.json", "{")]
    [InlineData("s.txt", "       table name")]
    [InlineData("s", "       table name")]
    [InlineData("s.JSON", "       table name")]
    public void The_extension_chooses_the_format(string name, string start) =>
        Assert.StartsWith(start, new SummaryFile("/x/" + name, null, false, "1").Render([Report(Row(SummarySection.Data, "t", 1, 0, 1))], ExitCode.Success), StringComparison.Ordinal);

    [Fact]
    public void Several_runs_are_one_text_after_the_other() =>
        Snapshot.Check(
            "summary-several.txt",
            new SummaryFile("/x/s.txt", null, false, "1").Render(
                [Report(Row(SummarySection.Data, "t", 1, 0, 1)), Report(Row(SummarySection.Data, "u", 2, 0, 1)) with { Command = "y.load" }], ExitCode.Success));

    [Fact]
    public void The_expected_rows_of_a_regression_lie_where_pgloader_looks() =>
        Assert.Equal("/a/regress/expected/x.out", Regression.ExpectedFile("/a/x.load"));

    private static SummaryReport Full() => FileLoad with
    {
        Target = "postgresql://bob@db:5433/shop",
        Notices = ["2 records had too few fields, the first one in x.csv, line 7"],
        RejectFiles = ["/tmp/r/shop/public.track.dat", "/tmp/r/shop/public.track.log"],
        RejectReasons = [("invalid input syntax for type integer: \"x\"\nCONTEXT: COPY track", 1200), ("b", 30), ("c", 2), ("d", 1), ("e", 1)],
        Failures = [new SummaryFailure(ExitCode.LoadFailed, "The index t_a could not be built", "build it by hand")],
    };

    private static SummaryReport Report(params ImmutableArray<SummaryRow> rows) => new()
    {
        Command = "x.load",
        Kind = "CSV",
        ExitCode = ExitCode.Success,
        StartedAt = new DateTimeOffset(2026, 11, 22, 16, 58, 41, TimeSpan.FromHours(1)),
        Rows = rows,
    };

    private static SummaryRow Row(SummarySection section, string label, long loaded, long rejected, double milliseconds) => new()
    {
        Section = section,
        Label = label,
        Read = loaded + rejected,
        Loaded = loaded,
        Rejected = rejected,
        Elapsed = Ms(milliseconds),
    };

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static string Pgloader(SummaryReport report, bool verbose)
    {
        using var output = new StringWriter();
        PgloaderSummary.Write(report, output, verbose);
        return output.ToString();
    }

    private static string Text(SummaryReport report, bool verbose)
    {
        using var output = new StringWriter();
        TextSummary.Write(report, output, verbose);
        return output.ToString();
    }
}

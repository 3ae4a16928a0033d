using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Plans;

namespace Sluice.Tests.Plans;

public sealed class DirectCommandTests
{
    [Fact]
    public void A_csv_file_and_a_target_make_a_load()
    {
        var spec = Assert.IsType<FileLoadSpec>(DirectCommand.Bind(Arguments("data.csv", "postgresql://u@h/db?s.t")));
        Assert.Equal("/work dir/data.csv", Assert.IsType<FileLocation.LocalFile>(spec.Location).Path);
        Assert.Equal("s.t", spec.Table.ToString());
        Assert.Equal("u", spec.Target?.User);
    }

    [Fact]
    public void All_options_are_bound()
    {
        var spec = Assert.IsType<FileLoadSpec>(DirectCommand.Bind(Arguments("-", "host=h dbname=db tablename=t") with
        {
            Type = "csv",
            Encoding = "latin-9",
            With = ["truncate", "fields terminated by ';'", "skip header = 1, csv header"],
            Set = ["work_mem='1MB'", "search_path to 'a, b'"],
            Field = ["a, b [null if 'x']", "c"],
        }));
        Assert.IsType<FileLocation.Stdin>(spec.Location);
        Assert.Equal("iso-8859-15", spec.EncodingName);
        Assert.True(spec.Options.Truncate);
        Assert.Equal((";", 1, true), (spec.Csv?.Separator, spec.Csv?.SkipLines, spec.Csv?.HasHeader));
        Assert.Equal([new Setting("work_mem", "1MB"), new Setting("search_path", "a, b")], spec.Settings);
        Assert.Equal(["a", "b", "c"], spec.Fields.Select(field => field.Name));
    }

    [Theory]
    [InlineData("a.tsv", null, LoadKinds.Csv)]
    [InlineData("a.TXT", null, LoadKinds.Csv)]
    [InlineData("a.dat", null, LoadKinds.Copy)]
    [InlineData("a.db3", null, LoadKinds.Dbf)]
    [InlineData("a.ixf", null, LoadKinds.Ixf)]
    [InlineData("a.sqlite3", null, LoadKinds.Sqlite)]
    [InlineData("sqlite:///x/y", null, LoadKinds.Sqlite)]
    [InlineData("fixed://a", null, LoadKinds.Fixed)]
    [InlineData("https://h/a.csv?x=y.db", null, LoadKinds.Csv)]
    [InlineData("mysql://h/db", null, LoadKinds.MySql)]
    [InlineData("mssql://h/db", null, LoadKinds.SqlServer)]
    [InlineData("pgsql://h/db", null, LoadKinds.Postgres)]
    [InlineData("host=h dbname=d", "pgsql", LoadKinds.Postgres)]
    [InlineData("noext", "fixed", LoadKinds.Fixed)]
    [InlineData("a.csv", "COPY", LoadKinds.Copy)]
    public void The_kind_is_guessed_or_forced(string source, string? type, LoadKinds kind) =>
        Assert.Equal(kind, DirectCommand.Bind(Arguments(source, "postgresql:///db?t") with
        {
            Type = type,
            Field = kind == LoadKinds.Fixed ? ["a from 0 for 0x2", "b 2 3"] : [],
        }).LoadKind);

    [Theory]
    [InlineData("a.csv", "postgresql:///db?t", true)]
    [InlineData("a.csv", "host=x", true)]
    [InlineData("a.load", "b.load", false)]
    [InlineData("csv://a", "psotgresql://x", true)]
    public void Two_arguments_are_a_load_or_two_files(string source, string target, bool expected) =>
        Assert.Equal(expected, DirectCommand.IsDirect(source, target, null));

    [Theory]
    [InlineData("s3://bucket/a.csv", null)]
    [InlineData("S3://bucket/a", null)]
    [InlineData("s3://bucket/a", "csv")]
    public void A_kind_of_location_that_is_not_built_yet_is_named(string source, string? type)
    {
        Assert.True(DirectCommand.IsDirect(source, "postgresql:///db?t", type));
        var failure = Assert.Throws<CommandException>(() => DirectCommand.Bind(Arguments(source, "postgresql:///db?t") with { Type = type }));
        Assert.StartsWith("Reading from s3:// is not built yet", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadCommand, failure.ExitCode);
    }

    [Theory]
    [InlineData("a.csv", "b.load", "Cannot read TARGET as the address of a PostgreSQL database")]
    [InlineData("a.tar.gz", "postgresql:///db", "Cannot tell what SOURCE is: a.tar.gz")]
    public void One_argument_of_two_that_cannot_be_read_is_named(string source, string target, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => DirectCommand.IsDirect(source, target, null)).Message);

    [Theory]
    [InlineData("a.csv", "postgresql://u:s3cret/db", null, "Cannot read TARGET: The port in the address is not a number", null)]
    [InlineData("a.csv", "psotgresql://u:s3cret@h/db", null, "Cannot read TARGET: Unknown scheme 'psotgresql' in the address", "did you mean postgresql://?")]
    [InlineData("a.csv", "mysql://u:s3cret@h/db", null, "Cannot load into TARGET: it is a mysql database", "the target is PostgreSQL: postgresql://user@host/database")]
    [InlineData("mysqll://u:s3cret@h/db", "postgresql:///db", null, "Cannot tell what SOURCE is: mysqll://u:****@h/db", "did you mean mysql://?")]
    [InlineData("mysql://u:s3cret@h:x/db", "postgresql:///db", null, "Cannot read SOURCE: The port in the address is not a number", null)]
    [InlineData("a", "postgresql:///db", "cvs", "Unknown --type 'cvs'", "did you mean csv?")]
    public void Arguments_that_cannot_be_read_are_usage_errors(string source, string target, string? type, string message, string? hint)
    {
        var error = Assert.Throws<UsageException>(() => DirectCommand.Bind(Arguments(source, target) with { Type = type }));
        Assert.Equal(message, error.Message);
        Assert.True(hint is null || hint == error.Hint, error.Hint);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_an_option_names_the_option_and_the_place()
    {
        var error = Assert.Throws<CommandException>(() => DirectCommand.Bind(Arguments("a.csv", "postgresql:///db?t") with
        {
            With = ["batch rows = many"],
            Set = ["a b"],
            Encoding = "latin-one",
            Field = ["a ["],
        }));
        Assert.Equal(
            ["--encoding:1:1:", "--with:1:14:", "--set:1:3:", "--field:1:4:"],
            error.Others.Prepend(error.Diagnostic).Select(diagnostic =>
                diagnostic.ToString().Split(' ')[0]).Order(StringComparer.Ordinal).OrderBy(place =>
                "ewsf".IndexOf(place[2], StringComparison.Ordinal)));
    }

    [Fact]
    public void A_target_without_a_table_is_a_bad_command()
    {
        var error = Assert.Throws<CommandException>(() => DirectCommand.Bind(Arguments("a.csv", "postgresql://u:s3cret@h/db")));
        Assert.Equal(
            "command line:1:7: No target table is named\n    a.csv postgresql://u:****@h/db\n          ^^^^^^^^^^^^^^^^^^^^^^^^\n"
            + "  hint: write TARGET TABLE name after INTO, or ?name at the end of the address\n",
            error.Diagnostic.ToString());
    }

    [Fact]
    public void A_cast_for_a_file_is_ignored_with_a_warning()
    {
        var spec = DirectCommand.Bind(Arguments("a.csv", "postgresql:///db?t") with { Cast = ["type int to text"] });
        Assert.Equal("--cast has no meaning for LOAD CSV and is ignored", Assert.Single(spec.Diagnostics).Message);
    }

    [Fact]
    public void A_cast_for_a_database_is_bound()
    {
        var spec = Assert.IsType<DatabaseLoadSpec>(DirectCommand.Bind(Arguments("mysql://h/db",
            "postgresql:///db") with
        { Cast = ["type int to text", "column a.b to date"] }));
        Assert.Equal(["text", "date"], spec.Casts.Select(rule => rule.ToType));
        Assert.True(spec.Options.OnErrorStop);
    }

    [Fact]
    public void A_missing_sql_file_is_a_source_error_that_names_the_option()
    {
        var error = Assert.Throws<SourceException>(() =>
            DirectCommand.Bind(Arguments("a.csv", "postgresql:///db?t") with { Before = "nowhere.sql" }));
        Assert.Equal("--before:1:1: Cannot read the SQL file /work dir/nowhere.sql: there is no such file", error.Message);
    }

    private static DirectArguments Arguments(string source, string target) =>
        new() { Source = source, Target = target, CurrentDirectory = "/work dir" };
}

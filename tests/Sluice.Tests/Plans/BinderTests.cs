using System.Text;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Tests.Plans;

public sealed class BinderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-binder").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("LOAD CSV FROM x.csv INTO postgresql:///db?t", null)]
    [InlineData("LOAD FIXED FROM x (a from 0 for 1) INTO postgresql:///db?t", null)]
    [InlineData("LOAD COPY FROM x INTO postgresql:///db?t", null)]
    [InlineData("LOAD DATABASE FROM mysql://h/db INTO postgresql:///db WITH drop schema, single transaction", null)]
    [InlineData("LOAD DATABASE FROM mssql://h/db INTO postgresql:///db", "LOAD DATABASE FROM mssql:// is not built yet; this version loads CSV files, fixed-width files, COPY files, MySQL databases, ")]
    [InlineData("LOAD ARCHIVE FROM x.zip LOAD CSV FROM a INTO postgresql:///db?t", "LOAD ARCHIVE is not built yet; this version loads CSV files, fixed-width files, COPY files, MySQL databases, ")]
    [InlineData("LOAD DATABASE FROM x.db INTO postgresql:///db", null)]
    [InlineData("LOAD DATABASE FROM https://h/x.db INTO postgresql:///db", null)]
    [InlineData("LOAD DATABASE FROM x.db INTO postgresql:///db WITH data only", null)]
    [InlineData("LOAD DATABASE FROM x.db INTO postgresql:///db WITH create no tables, drop indexes", null)]
    [InlineData("LOAD DATABASE FROM x.db INTO postgresql:///db WITH single transaction", null)]
    [InlineData("LOAD DATABASE FROM x.db INTO postgresql:///db WITH drop schema", null)]
    [InlineData("LOAD DATABASE FROM x.db INTO postgresql:///db WITH encoding latin1", null)]
    [InlineData("LOAD DATABASE FROM x.db INTO postgresql:///db MATERIALIZE VIEWS v AS $$ select 1 $$", null)]
    public void A_source_that_is_not_built_is_refused_by_name(string text, string? message)
    {
        var spec = Assert.Single(Reader().ReadText("x.load", text, _folder));
        var error = Record.Exception(() => Binder.RefuseUnbuilt(spec)) as CommandException;
        Assert.Equal(message is null, error is null);
        Assert.StartsWith(message ?? "", error?.Message ?? "", StringComparison.Ordinal);
        Assert.True(error is null || error.ExitCode == ExitCode.BadCommand);
    }

    [Theory]
    [InlineData("type int to text using (lambda (x) (no-such-function x))", "no-such-function")]
    [InlineData("type int when (< precision size) to text", "size")]
    public void A_cast_rule_is_made_when_its_command_is_bound(string rule, string named)
    {
        var error = Assert.Throws<CommandException>(() => Reader().ReadText("x.load", $"LOAD DATABASE FROM x.db INTO postgresql:///db CAST {rule};", _folder));
        Assert.Contains(named, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("é ü €", "\n")]
    [InlineData("plain", "\r\n")]
    [InlineData("", "   -- a comment\n\n  \t\n")]
    [InlineData("😀", " /* c */ \n")]
    public void Inline_data_begins_at_its_byte(string comment, string gap)
    {
        var command = $"/* {comment} */ LOAD CSV FROM INLINE WITH ENCODING latin1 INTO postgresql:///db?{{{{T}}}};{gap}";
        byte[] data = [.. "  -- 1;"u8, 0xe9, 0x0a, .. "{{unknown}}\n"u8];
        foreach (var mark in new[] { "", "\uFEFF" })
        {
            var before = Encoding.UTF8.GetBytes(mark + command);
            var path = Path.Combine(_folder, "x.load");
            File.WriteAllBytes(path, [.. before, .. data]);
            var spec = Assert.IsType<FileLoadSpec>(Assert.Single(Reader().ReadFiles([path])));
            Assert.Equal(before.Length, Assert.IsType<FileLocation.Inline>(spec.Location).Offset);
            Assert.Equal("a_much_longer_name", spec.Table?.Name);
        }
    }

    [Theory]
    [InlineData("LOAD CSV FROM INLINE INTO postgresql:///db?t; 1,2\n", "1,2\n")]
    [InlineData("LOAD CSV FROM INLINE INTO postgresql:///db?t;", "")]
    [InlineData("LOAD CSV FROM INLINE INTO postgresql:///db?t;\n", "")]
    [InlineData("LOAD CSV FROM INLINE INTO postgresql:///db?t;\n\n  x", "  x")]
    public void Inline_data_begins_where_the_rule_says(string text, string data)
    {
        var path = Path.Combine(_folder, "y.load");
        File.WriteAllText(path, text);
        var spec = Assert.IsType<FileLoadSpec>(Assert.Single(Reader().ReadFiles([path])));
        Assert.Equal(data, text[(int)Assert.IsType<FileLocation.Inline>(spec.Location).Offset..]);
    }

    [Fact]
    public void A_missing_command_file_is_a_source_error()
    {
        var path = Path.Combine(_folder, "none.load");
        Assert.Equal($"Cannot read the command file {path}: there is no such file",
            Assert.Throws<SourceException>(() => Reader().ReadFiles([path])).Message);
        Assert.Equal($"Cannot read the command file {_folder}: it is a folder",
            Assert.Throws<SourceException>(() => Reader().ReadFiles([_folder])).Message);
    }

    [Fact]
    public void A_fault_in_one_file_stops_all_of_them_even_when_another_is_missing()
    {
        var good = Write("good.load", "LOAD CSV FROM x.csv INTO postgresql:///db?t;");
        var bad = Write("bad.load", "LOAD CSV FROM x.csv INTO postgresql:///db?t WITH nothing;");
        var worse = Write("worse.load", "LOAD");
        var error = Assert.Throws<CommandException>(() => Reader().ReadFiles([good, Path.Combine(_folder, "none"), bad, worse]));
        Assert.Equal(bad, error.Diagnostic.Source.Name);
        Assert.Equal(worse, Assert.Single(error.Others).Source.Name);
    }

    [Theory]
    [InlineData("LOAD CSV FROM x INTO postgresql:///db?t BEFORE LOAD EXECUTE 'no.sql';", ":1:61: Cannot read the SQL file {0}/no.sql: there is no such file")]
    [InlineData("LOAD CSV FROM FILENAME MATCHING ~/a/ IN DIRECTORY 'nodir' INTO postgresql:///db?t;", ":1:51: There is no folder {0}/nodir")]
    public void A_missing_file_that_a_command_names_is_a_source_error_with_its_place(string text, string message)
    {
        var path = Write("x.load", text);
        var error = Assert.Throws<SourceException>(() => Reader().ReadFiles([path]));
        Assert.Equal(path + string.Format(System.Globalization.CultureInfo.InvariantCulture, message, _folder), error.Message);
        Assert.Equal(ExitCode.LoadFailed, error.ExitCode);
    }

    [Fact]
    public void An_sql_file_that_is_not_utf8_is_refused()
    {
        File.WriteAllBytes(Path.Combine(_folder, "latin.sql"), [.. "select '"u8, 0xe9, .. "';"u8]);
        var error = Assert.Throws<SourceException>(() =>
            Reader().ReadText("x", "LOAD CSV FROM x INTO postgresql:///db?t BEFORE LOAD EXECUTE latin.sql;", _folder));
        Assert.Equal($"x:1:61: Cannot read the SQL file {_folder}/latin.sql: it is not UTF-8", error.Message);
    }

    [Fact]
    public void The_options_of_a_source_have_different_words()
    {
        foreach (var source in SourceRegistry.All)
        {
            var words = source.Options.Except(source.ServerOptions).Concat(TargetRegistry.All.SelectMany(target => target.Options)).Select(option => option.Words).ToList();
            Assert.Equal(words.Count, words.Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Theory]
    [InlineData("LOAD FIXED FROM x INTO postgresql:///db?t", "LOAD FIXED does not say where its fields are")]
    [InlineData("LOAD COPY FROM x INTO postgresql:///db?t WITH delimiter '\\'", "The delimiter cannot be a backslash, a dot, a lower-case letter, a digit or the end of a line")]
    [InlineData("LOAD COPY FROM x INTO postgresql:///db?t WITH delimiter = 'x'", "The delimiter cannot be a backslash, a dot, a lower-case letter, a digit or the end of a line")]
    [InlineData("LOAD COPY FROM x INTO postgresql:///db?t WITH delimiter '|', null = 'a|b'", "The text that means NULL cannot hold the delimiter or the end of a line")]
    [InlineData("LOAD COPY FROM x INTO postgresql:///db?t WITH delimiter 'N'", "The text that means NULL cannot hold the delimiter or the end of a line")]
    public void What_a_text_file_cannot_be_read_by_is_an_error_of_the_command(string text, string message) =>
        Assert.Equal(message, Assert.Throws<CommandException>(() => Reader().ReadText("x.load", text, _folder)).Message);

    [Fact]
    public void Fixed_header_stands_for_a_field_list() =>
        Assert.True(Assert.IsType<FileLoadSpec>(Assert.Single(Reader().ReadText("x.load", "LOAD FIXED FROM x INTO postgresql:///db?t WITH fixed header", _folder))).Fixed?.HasHeader);

    [Fact]
    public void Every_option_of_every_source_can_be_written_as_its_help_says()
    {
        foreach (var source in SourceRegistry.All.Where(source => source.Kind is LoadKinds.Csv or LoadKinds.Fixed or LoadKinds.Copy))
        {
            var options = source.Options.Concat(TargetRegistry.All.SelectMany(target => target.Options));
            foreach (var option in options.Where(option => option.Words != "csv escape mode following"))
            {
                var value = option.Kind switch
                {
                    OptionKind.Flag => "",
                    OptionKind.Integer => " = 3",
                    OptionKind.Size => " = 3 kb",
                    OptionKind.ErrorLimit => " = 1.5 %",
                    OptionKind.Separator => " '~'",
                    OptionKind.DateFormat => " 'YYYY'",
                    OptionKind.NullIf => " blanks",
                    OptionKind.Encoding => " cp850",
                    OptionKind.Escape => " backslash-quote",
                    OptionKind.Choice => $" {option.Choices[^1]}",
                    _ => " 'x'",
                };
                var text = $"{LoadKindNames.Words(source.Kind)} FROM x {(source.Kind == LoadKinds.Fixed ? "(a from 0 for 1)" : "")} INTO postgresql:///db?t WITH {option.Words}{value};";
                Assert.DoesNotContain(
                    Assert.Single(Reader().ReadText("x", text, _folder)).Diagnostics, found => found.Severity != DiagnosticSeverity.Note);
            }
        }
    }

    [Fact]
    public void Every_option_of_every_target_can_stand_in_the_address()
    {
        var names = TargetRegistry.All.SelectMany(target => target.Options).Select(option => option.Parameter);
        Assert.Equal(names.Order(StringComparer.Ordinal), UriParameters.TargetOptions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_target_alone_understands_is_passed_on_with_its_place()
    {
        const string Text = """
            LOAD CSV FROM 'x.csv' INTO postgresql:///db?staging_prefix=a%2Fb&part_size=64MB&keep_staged_files=yes&t
            WITH staging bucket 'b', iam role = default, part size = 32 MB, compress zstd, copy per = batch;
            """;
        var spec = Assert.Single(Reader().ReadText("x", Text, _folder));
        Assert.Equal(
            [
                new TargetOption("staging bucket", "b", 0, "x:2:6"),
                new TargetOption("staging prefix", "a/b", 0, "x:1:60"),
                new TargetOption("iam role", "default", 0, "x:2:26"),
                new TargetOption("copy per", "batch", 0, "x:2:80"),
                new TargetOption("compress", "zstd", 0, "x:2:65"),
                new TargetOption("part size", null, 32 << 20, "x:2:46"),
                new TargetOption("keep staged files", "on", 0, "x:1:99"),
            ],
            spec.Options.TargetOptions);
        Assert.Empty(spec.Target!.Parameters);
        Assert.Equal("The option part size is set twice; the first, at x:2:46, counts", Assert.Single(spec.Diagnostics).Message);
    }

    [Theory]
    [InlineData("compress=gz", "The parameter compress: Expected gzip or zstd or none after compress, found 'gz'")]
    [InlineData("copy_per=row", "The parameter copy_per: Expected table or batch after copy per, found 'row'")]
    [InlineData("part_size=64XB", "The parameter part_size: Unknown unit 'XB'")]
    [InlineData("part_size=", "The parameter part_size: Expected a number of bytes after part size =, but nothing follows")]
    [InlineData("keep_staged_files=maybe", "The parameter keep_staged_files: Expected true or false, found 'maybe'")]
    [InlineData("iam_role=", "The parameter iam_role: Expected a value, but nothing follows")]
    [InlineData("staging_buckt=b", "Unknown parameter 'staging_buckt' in the address")]
    public void A_wrong_option_in_the_address_is_an_error_at_its_place(string parameter, string message)
    {
        var error = Assert.Throws<CommandException>(() =>
            Reader().ReadText("x", $"LOAD CSV FROM x INTO postgresql:///db?{parameter}&t;", _folder));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(39, error.Diagnostic.Span.Start + 1 - (message.StartsWith("Unknown par", StringComparison.Ordinal) ? 0 : parameter.IndexOf('=', StringComparison.Ordinal) + 1));
    }

    [Fact]
    public void An_option_of_a_target_in_the_address_of_a_source_is_refused()
    {
        var error = Assert.Throws<CommandException>(() =>
            Reader().ReadText("x", "LOAD DATABASE FROM postgresql:///a?copy_per=batch INTO postgresql:///b;", _folder));
        Assert.Equal("The parameter copy_per has no use in the address of a source", error.Message);
    }

    private static CommandReader Reader() => new(name => name == "T" ? "a_much_longer_name" : null);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}

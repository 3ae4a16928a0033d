using System.Text;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Tests.Copy.Commands;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html and its pages on parameters.</summary>
public sealed class CopyParserTests
{
    private const string Role = "iam_role 'arn:aws:iam::123456789012:role/r'";

    [Fact]
    public void The_statement_that_pgloader_writes_is_read_with_its_authorization_last()
    {
        var command = Parse(
            "COPY t FROM 's3://b/k' FORMAT CSV TIMEFORMAT 'auto' REGION 'eu-west-1' ACCESS_KEY_ID 'AK' SECRET_ACCESS_KEY 'SK'");

        Assert.Equal("t", command.Table);
        Assert.Null(command.Schema);
        Assert.Equal(new S3Location("b", "k"), command.Source);
        Assert.True(command.Records.Csv);
        Assert.Equal((byte)',', command.Records.Delimiter);
        Assert.Equal("auto", command.Values.TimeFormat);
        Assert.Equal("eu-west-1", command.Region);
        var keys = Assert.IsType<CopyKeys>(command.Authorization);
        Assert.Equal(("AK", "SK", null), (keys.Credentials.AccessKey, keys.Credentials.SecretKey, keys.Credentials.Token));
    }

    [Fact]
    public void Names_are_lower_case_even_in_quotes_unless_the_session_says_otherwise()
    {
        const string Sql = $"copy \"S\".\"T\" (A, \"B\") from 's3://b/k' {Role}";

        var lower = Parse(Sql);
        var kept = CopyParser.Parse(StatementSplitter.Split(Sql)[0], caseSensitiveIdentifiers: true);

        Assert.Equal(("s", "t"), (lower.Schema, lower.Table));
        Assert.Equal(["a", "b"], lower.Columns);
        Assert.Equal(("S", "T"), (kept.Schema, kept.Table));
        Assert.Equal(["a", "B"], kept.Columns);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("format csv")]
    [InlineData("format as csv")]
    [InlineData("as csv")]
    [InlineData("CSV QUOTE AS ''''")]
    public void Format_and_as_are_noise_words(string format) => Assert.True(Parse($"copy t from 's3://b/k' {format} {Role}").Records.Csv);

    [Theory]
    [InlineData("json 'auto'", JsonMappingKind.Auto)]
    [InlineData("json", JsonMappingKind.Auto)]
    [InlineData("format as json as 'auto ignorecase'", JsonMappingKind.AutoIgnoreCase)]
    [InlineData("json 'noshred'", JsonMappingKind.NoShred)]
    [InlineData("json 's3://b/paths.json'", JsonMappingKind.Paths)]
    public void Json_takes_one_of_four_arguments(string format, JsonMappingKind kind) => Assert.Equal(kind, Parse($"copy t from 's3://b/k' {format} {Role}").Records.Json?.Kind);

    [Theory]
    [InlineData("json 'AUTO'", "JSON must be 'auto', 'auto ignorecase', 'noshred' or the S3 path of a JSONPaths file")]
    [InlineData("json 's3://b'", "JSON must be 'auto', 'auto ignorecase', 'noshred' or the S3 path of a JSONPaths file")]
    [InlineData("fixedwidth 'a,b'", "FIXEDWIDTH must be 'label:width' pairs, separated by commas")]
    [InlineData("fixedwidth ':1'", "FIXEDWIDTH must be 'label:width' pairs, separated by commas")]
    [InlineData("fixedwidth 'a:-1'", "FIXEDWIDTH must be 'label:width' pairs, separated by commas")]
    public void An_argument_that_is_none_of_these_is_refused(string format, string message)
    {
        var error = Refused($"copy t from 's3://b/k' {format} {Role}");
        Assert.Equal(("22023", message), (error.SqlState, error.Message));
    }

    [Fact]
    public void Widths_are_read_whatever_the_labels() => Assert.Equal([3, 100, 1], Parse($"copy t from 's3://b/k' fixedwidth 'a b:3,1:100, c :1' {Role}").Records.Widths);

    [Fact]
    public void Options_have_the_defaults_of_the_manual()
    {
        var command = Parse($"copy t from 's3://b/k' {Role}");

        Assert.False(command.Records.Csv);
        Assert.Equal((byte)'|', command.Records.Delimiter);
        Assert.Equal("\\N", Encoding.ASCII.GetString(command.Values.NullMarker.Span));
        Assert.Equal(1, command.MaxErrors);
        Assert.False(command.ToleratesErrors);
        Assert.Null(command.Values.DateFormat);
        Assert.Equal(CopyCompression.None, command.Compression);
    }

    [Fact]
    public void Every_load_option_is_read_with_and_without_as()
    {
        var command = Parse(
            $"""
            copy s.t (a) from 's3://b/k' with credentials as 'aws_access_key_id=AK;aws_secret_access_key=S/+=K;token=T' manifest gzip
            csv quote as '%' delimiter ';' null as 'NIL' emptyasnull blanksasnull dateformat as 'DD.MM.YYYY' timeformat 'epochsecs'
            acceptanydate acceptinvchars as '^' encoding utf8 fillrecord ignoreblanklines ignoreheader as 2 roundec trimblanks
            truncatecolumns explicit_ids maxerror as 10 noload compupdate off statupdate on comprows 1000 region as 'eu-west-1'
            """);

        Assert.True(command.Manifest);
        Assert.Equal(CopyCompression.Gzip, command.Compression);
        Assert.Equal(((byte)'%', (byte)';', 2, true), (command.Records.Quote, command.Records.Delimiter, command.Records.IgnoreHeader, command.Records.IgnoreBlankLines));
        Assert.Equal("NIL"u8.ToArray(), command.Values.NullMarker.ToArray());
        Assert.True(command.Values is
        {
            EmptyAsNull: true, BlanksAsNull: true, AcceptAnyDate: true, FillRecord: true, RoundDecimals: true, TrimBlanks: true, TruncateColumns: true,
            InvalidCharacter: (byte)'^', DateFormat: "DD.MM.YYYY", TimeFormat: "epochsecs",
        });
        Assert.True(command.ExplicitIds && command.NoLoad && command.StatUpdateGiven && command.ToleratesErrors);
        Assert.Equal(10, command.MaxErrors);
        var keys = Assert.IsType<CopyKeys>(command.Authorization).Credentials;
        Assert.Equal(("AK", "S/+=K", "T"), (keys.AccessKey, keys.SecretKey, keys.Token));
    }

    [Theory]
    [InlineData("'\\N'", "\\N")]
    [InlineData("'\\\\N'", "\\N")]
    [InlineData("'\\0'", "\0")]
    [InlineData("'\\000'", "\0")]
    [InlineData("''", "")]
    [InlineData("'a''b'", "a'b")]
    public void The_null_marker_may_be_spelled_with_one_backslash_or_two(string literal, string marker) =>
        Assert.Equal(marker, Encoding.UTF8.GetString(Parse($"copy t from 's3://b/k' csv null as {literal} {Role}").Values.NullMarker.Span));

    [Theory]
    [InlineData("'\\t'", '\t')]
    [InlineData("'\\\\t'", '\t')]
    [InlineData("'\\011'", '\t')]
    [InlineData("';'", ';')]
    [InlineData("'\\\\'", '\\')]
    public void A_delimiter_may_be_an_escape(string literal, char delimiter) =>
        Assert.Equal((byte)delimiter, Parse($"copy t from 's3://b/k' delimiter {literal} {Role}").Records.Delimiter);

    [Theory]
    [InlineData("'||'")]
    [InlineData("''")]
    [InlineData("'é'")]
    [InlineData("'\\n'")]
    public void A_delimiter_is_one_ascii_character(string literal) =>
        Assert.Contains("single ASCII character", Refused($"copy t from 's3://b/k' delimiter {literal} {Role}").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("csv escape", "CSV is not compatible with ESCAPE")]
    [InlineData("csv removequotes", "CSV is not compatible with REMOVEQUOTES")]
    [InlineData("fixedwidth 'a:1' delimiter ','", "FIXEDWIDTH is not compatible with DELIMITER")]
    [InlineData("fixedwidth 'a:1' escape", "FIXEDWIDTH is not compatible with ESCAPE")]
    [InlineData("fixedwidth 'a:1' removequotes", "FIXEDWIDTH is not compatible with REMOVEQUOTES")]
    [InlineData("fixedwidth 'a:1' encoding utf16", "FIXEDWIDTH data must be in UTF-8")]
    [InlineData("json 'auto' escape", "JSON is not compatible with ESCAPE")]
    [InlineData("json 'auto' ignoreheader 1", "JSON is not compatible with IGNOREHEADER")]
    [InlineData("json 'auto' removequotes", "JSON is not compatible with REMOVEQUOTES")]
    [InlineData("json 'auto' null as 'x'", "JSON is not compatible with NULL")]
    [InlineData("json 'auto' fillrecord", "JSON is not compatible with FILLRECORD")]
    [InlineData("avro 'auto' ignoreblanklines", "AVRO is not compatible with IGNOREBLANKLINES")]
    [InlineData("maxerror 5 ignoreallerrors", "MAXERROR is not compatible with IGNOREALLERRORS")]
    [InlineData("quote '%'", "QUOTE can be used with CSV only")]
    public void Options_that_exclude_each_other_are_refused(string options, string message) =>
        Assert.Equal(message, Refused($"copy t from 's3://b/k' {options} {Role}").Message);

    [Theory]
    [InlineData("csv csv")]
    [InlineData("gzip zstd")]
    [InlineData("maxerror 1 maxerror 2")]
    [InlineData("csv json 'auto'")]
    [InlineData("manifest manifest")]
    [InlineData("access_key_id 'a' secret_access_key 'b'")]
    [InlineData("credentials 'aws_iam_role=arn:aws:iam::1:role/r'")]
    [InlineData("iam_role default")]
    public void A_repeated_option_or_a_second_authorization_is_refused(string options) =>
        Assert.Equal("conflicting or redundant options", Refused($"copy t from 's3://b/k' {options} {Role}").Message);

    [Theory]
    [InlineData("csv, gzip", ",")]
    [InlineData("(format csv)", "(")]
    [InlineData("with (format csv)", "(")]
    [InlineData("header", "header")]
    [InlineData("format text", "text")]
    [InlineData("csv 'x'", "'...'")]
    [InlineData("maxerror 'x'", "'...'")]
    public void What_is_no_option_is_a_syntax_error(string options, string near)
    {
        var error = Refused($"copy t from 's3://b/k' {Role} {options}");

        Assert.Equal(("42601", $"syntax error at or near \"{near}\""), (error.SqlState, error.Message));
    }

    [Theory]
    [InlineData("copy t from stdin")]
    [InlineData("copy t (a) from stdin with (format binary)")]
    [InlineData("copy t from '/tmp/file'")]
    [InlineData("copy t from 's3:/b/k' csv")]
    [InlineData("copy t from 's3://' csv")]
    public void A_source_that_is_not_s3_is_not_supported(string sql) =>
        Assert.Equal("LOAD source is not supported. (Hint: only S3 or DynamoDB or EMR based load is allowed)", Refused(sql).Message);

    [Theory]
    [InlineData("copy t from 'emr://c/f' " + Role)]
    [InlineData("copy t from 'dynamodb://t' readratio 50 " + Role)]
    [InlineData("copy t from 's3://b/k' parquet " + Role)]
    [InlineData("copy t from 's3://b/k' format as orc " + Role)]
    [InlineData("copy t from 's3://b/k' shapefile " + Role)]
    [InlineData("copy t from 's3://b/k' avro 'auto' " + Role)]
    [InlineData("copy t from 's3://b/k' csv encrypted master_symmetric_key 'k' " + Role)]
    [InlineData("copy t from 's3://b/k' csv encoding iso88591 " + Role)]
    [InlineData("copy t from 's3://b/k' csv lzop " + Role)]
    [InlineData("copy t from 's3://b/k' csv encrypted " + Role)]
    [InlineData("copy t from 's3://b/k' csv master_symmetric_key 'k' " + Role)]
    [InlineData("copy t from 's3://b/k' ssh " + Role)]
    [InlineData("copy d.s.t from 's3://b/k' " + Role)]
    [InlineData("copy t from 's3://b/k' encoding iso88591 " + Role)]
    public void What_redshift_has_and_this_server_lacks_is_said_so(string sql) =>
        Assert.EndsWith("is not covered by this stand-in", Refused(sql).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("aws_access_key_id=a")]
    [InlineData("aws_access_key_id=a;aws_secret_access_key=")]
    [InlineData("aws_access_key_id=a; aws_secret_access_key=b")]
    [InlineData("AWS_ACCESS_KEY_ID=a;AWS_SECRET_ACCESS_KEY=b")]
    [InlineData("aws_access_key_id=a;aws_secret_access_key=b;region=c")]
    [InlineData("aws_access_key_id=a;aws_access_key_id=a;aws_secret_access_key=b")]
    [InlineData("aws_iam_role=arn:aws:iam::1:role/r;token=x")]
    [InlineData("")]
    public void A_credentials_string_of_another_form_is_invalid(string text) =>
        Assert.StartsWith("Invalid credentials. Must be of the format", Refused($"copy t from 's3://b/k' credentials '{text}'").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("iam_role default")]
    [InlineData("iam_role 'arn:aws:iam::1:role/a,arn:aws:iam::2:role/b'")]
    [InlineData("credentials 'aws_iam_role=arn:aws:iam::1:role/a'")]
    [InlineData("with credentials 'aws_iam_role=arn:aws:iam::1:role/a'")]
    public void Roles_are_read_in_each_form(string authorization) =>
        Assert.IsType<CopyRole>(Parse($"copy t from 's3://b/k' {authorization}").Authorization);

    [Theory]
    [InlineData("token 't'")]
    [InlineData("session_token 't'")]
    [InlineData("session_token as 't'")]
    public void A_token_goes_with_a_key_pair(string token)
    {
        var command = Parse($"copy t from 's3://b/k' access_key_id as 'a' {token} secret_access_key 'b'");

        Assert.Equal("t", Assert.IsType<CopyKeys>(command.Authorization).Credentials.Token);
    }

    [Fact]
    public void Authorization_must_be_given() =>
        Assert.Equal("CREDENTIALS argument is required but not provided", Refused("copy t from 's3://b/k' csv").Message);

    [Theory]
    [InlineData("dateformat 'AUTO'")]
    [InlineData("dateformat 'YYYY-MM'")]
    [InlineData("dateformat 'YYYY-MM-DD HH'")]
    [InlineData("timeformat 'epoch'")]
    [InlineData("timeformat 'YYYY-MM-DD HH:MI:SSOF'")]
    [InlineData("timeformat 'YYYY-YYYY-MM-DD'")]
    public void A_format_of_unknown_parts_is_refused(string option) =>
        Assert.StartsWith("Invalid ", Refused($"copy t from 's3://b/k' csv {option} {Role}").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("maxerror 100001")]
    [InlineData("comprows 999")]
    [InlineData("ignoreheader 99999999999999999999")]
    public void Numbers_out_of_range_are_refused(string option) =>
        Assert.Equal("22023", Refused($"copy t from 's3://b/k' csv {option} {Role}").SqlState);

    [Fact]
    public void No_error_shows_what_stands_in_a_literal()
    {
        const string Secret = "wJalrXUtnFEMI";
        foreach (var sql in new[]
        {
            $"copy t from 's3://b/k' csv secret_key '{Secret}'",
            $"copy t from 's3://b/k' csv '{Secret}'",
            $"copy t from 's3://b/k' credentials '{Secret}'",
            $"copy t from 's3://b/k' access_key_id 'a' secret_access_key as as '{Secret}'",
            $"copy t from 's3://b/k' secret_access_key '{Secret}'",
        })
        {
            Assert.DoesNotContain(Secret, Refused(sql).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Garbled_statements_are_refused_and_nothing_else()
    {
        const string Sql = $"copy s.t (a,b) from 's3://b/k' manifest csv quote as '%' delimiter ';' null as '\\N' ignoreheader 1 maxerror 10 {Role};";
        var random = new Random(4711);
        for (var round = 0; round < 3000; round++)
        {
            var tokens = StatementSplitter.Split(Sql)[0].Tokens.ToList();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(tokens.Count);
                if (random.Next(2) == 0)
                {
                    tokens.RemoveAt(at);
                }
                else
                {
                    tokens[at] = tokens[random.Next(tokens.Count)];
                }
            }

            try
            {
                CopyParser.Parse(new SqlStatement(Sql, [.. tokens.Take(random.Next(tokens.Count + 1))]), false);
            }
            catch (ServerException)
            {
                // The only way to refuse.
            }
        }
    }

    private static CopyCommand Parse(string sql) => CopyParser.Parse(StatementSplitter.Split(sql)[0], caseSensitiveIdentifiers: false);

    private static ServerError Refused(string sql) => Assert.Throws<ServerException>(() => Parse(sql)).Error;
}

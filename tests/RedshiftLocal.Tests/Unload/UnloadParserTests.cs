using System.Text;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;
using RedshiftLocal.Unload.Commands;

namespace RedshiftLocal.Tests.Unload;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html</summary>
public sealed class UnloadParserTests
{
    private const string Role = "iam_role 'arn:aws:iam::123456789012:role/r'";

    [Fact]
    public void Options_have_the_defaults_of_the_manual()
    {
        var command = Parse(Role);

        Assert.Equal(new S3Location("b", "p_"), command.Target);
        Assert.Equal((UnloadFormat.Delimited, (byte)'|'), (command.Format, command.Delimiter));
        Assert.True(command.Parallel);
        Assert.Null(command.NullMarker);
        Assert.Equal(6_200L << 20, command.LargestFile);
        Assert.False(command.Manifest || command.Verbose || command.Header || command.Escape || command.AddQuotes || command.AllowOverwrite || command.CleanPath);
    }

    [Fact]
    public void Options_stand_in_any_order()
    {
        var command = Parse(
            "manifest verbose zstd null as '\\N' escape maxfilesize as 256 mb region 'eu-west-1' access_key_id 'A' parallel off delimiter '\\t' header "
            + "secret_access_key 'S' addquotes allowoverwrite extension '.tsv.zst' session_token 'T'");

        Assert.True(command is { Manifest: true, Verbose: true, Escape: true, Header: true, AddQuotes: true, AllowOverwrite: true, Parallel: false });
        Assert.Equal(CopyCompression.Zstd, command.Compression);
        Assert.Equal("\\N", Encoding.ASCII.GetString(command.NullMarker!.Value.Span));
        Assert.Equal((byte)'\t', command.Delimiter);
        Assert.Equal((256L << 20, "eu-west-1", ".tsv.zst"), (command.LargestFile, command.Region, command.Extension));
        Assert.Equal(("A", "S", "T"), Assert.IsType<CopyKeys>(command.Authorization).Credentials is var keys ? (keys.AccessKey, keys.SecretKey, keys.Token) : default);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("format csv")]
    [InlineData("format as csv")]
    [InlineData("as csv")]
    public void Format_and_as_are_noise_words(string format) => Assert.Equal((UnloadFormat.Csv, (byte)','), Parse($"{Role} {format}") is var c ? (c.Format, c.Delimiter) : default);

    [Theory]
    [InlineData("maxfilesize 5", 5L << 20)]
    [InlineData("maxfilesize 5.5 mb", 5767168)]
    [InlineData("maxfilesize as 1 gb", 1000L << 20)]
    [InlineData("maxfilesize 6.2 gb", 6200L << 20)]
    public void Sizes_are_decimal_and_in_megabytes_by_default(string option, long bytes) => Assert.Equal(bytes, Parse($"{Role} {option}").LargestFile);

    [Theory]
    [InlineData("parallel", true)]
    [InlineData("parallel on", true)]
    [InlineData("parallel true", true)]
    [InlineData("parallel off", false)]
    [InlineData("parallel false", false)]
    public void Parallel_is_on_unless_it_is_switched_off(string option, bool parallel) => Assert.Equal(parallel, Parse($"{Role} {option}").Parallel);

    [Theory]
    [InlineData("csv fixedwidth 'a:1'", "CSV is not compatible with FIXEDWIDTH")]
    [InlineData("addquotes csv", "CSV is not compatible with ADDQUOTES")]
    [InlineData("csv escape", "CSV is not compatible with ESCAPE")]
    [InlineData("fixedwidth 'a:1' delimiter ','", "FIXEDWIDTH is not compatible with DELIMITER")]
    [InlineData("fixedwidth 'a:1' addquotes", "FIXEDWIDTH is not compatible with ADDQUOTES")]
    [InlineData("fixedwidth 'a:1' escape", "FIXEDWIDTH is not compatible with ESCAPE")]
    [InlineData("fixedwidth 'a:1' header", "FIXEDWIDTH is not compatible with HEADER")]
    [InlineData("json fixedwidth 'a:1'", "FIXEDWIDTH is not compatible with JSON")]
    [InlineData("json delimiter ','", "JSON is not compatible with DELIMITER")]
    [InlineData("json header", "JSON is not compatible with HEADER")]
    [InlineData("json addquotes", "JSON is not compatible with ADDQUOTES")]
    [InlineData("json escape", "JSON is not compatible with ESCAPE")]
    [InlineData("json null 'x'", "JSON is not compatible with NULL")]
    [InlineData("parquet delimiter ','", "PARQUET is not compatible with DELIMITER")]
    [InlineData("parquet gzip", "PARQUET is not compatible with GZIP")]
    [InlineData("parquet null 'x'", "PARQUET is not compatible with NULL")]
    [InlineData("parquet header", "PARQUET is not compatible with HEADER")]
    [InlineData("cleanpath allowoverwrite", "CLEANPATH is not compatible with ALLOWOVERWRITE")]
    [InlineData("rowgroupsize 32", "ROWGROUPSIZE can be used with PARQUET only")]
    [InlineData("kms_key_id 'k'", "KMS_KEY_ID requires the ENCRYPTED option")]
    [InlineData("encrypted", "ENCRYPTED requires KMS_KEY_ID or MASTER_SYMMETRIC_KEY")]
    [InlineData("encrypted auto kms_key_id 'k'", "KMS_KEY_ID is not compatible with ENCRYPTED AUTO")]
    [InlineData("encrypted auto master_symmetric_key 'k'", "MASTER_SYMMETRIC_KEY is not compatible with ENCRYPTED AUTO")]
    [InlineData("master_symmetric_key 'k'", "MASTER_SYMMETRIC_KEY requires the ENCRYPTED option")]
    [InlineData("encrypted kms_key_id 'k' master_symmetric_key 'm'", "KMS_KEY_ID is not compatible with MASTER_SYMMETRIC_KEY")]
    [InlineData("encrypted master_symmetric_key 'k'", "Client-side encryption (MASTER_SYMMETRIC_KEY) is not covered by this stand-in")]
    [InlineData("parquet", "UNLOAD to PARQUET is not covered by this stand-in")]
    [InlineData("parquet rowgroupsize 64 mb", "UNLOAD to PARQUET is not covered by this stand-in")]
    public void Options_that_exclude_each_other_are_refused(string options, string message) => Refused("0A000", message, $"{Role} {options}");

    [Fact]
    public void A_key_of_kms_excludes_credentials() => Refused(
        "0A000", "KMS_KEY_ID is not compatible with CREDENTIALS", "credentials 'aws_access_key_id=A;aws_secret_access_key=S' encrypted kms_key_id 'k'");

    [Fact]
    public void A_key_of_kms_is_taken() => Assert.Equal("k", Parse($"{Role} kms_key_id 'k' encrypted").KmsKey);

    [Theory]
    [InlineData("maxfilesize 4.9", "MAXFILESIZE must be between 5 MB and 6.2 GB")]
    [InlineData("maxfilesize 6.3 gb", "MAXFILESIZE must be between 5 MB and 6.2 GB")]
    [InlineData("parquet rowgroupsize 31", "ROWGROUPSIZE must be a whole number between 32 MB and 128 MB")]
    [InlineData("parquet rowgroupsize 32.5", "ROWGROUPSIZE must be a whole number between 32 MB and 128 MB")]
    [InlineData("delimiter 'ab'", "DELIMITER must be a single ASCII character")]
    [InlineData("null as '\\n'", "NULL AS must not hold a line break")]
    [InlineData("fixedwidth 'a'", "FIXEDWIDTH must be 'label:width' pairs, separated by commas")]
    [InlineData("fixedwidth 'a:0'", "FIXEDWIDTH must be 'label:width' pairs, separated by commas")]
    [InlineData("fixedwidth 'a:1,'", "FIXEDWIDTH must be 'label:width' pairs, separated by commas")]
    public void Arguments_out_of_range_are_refused(string options, string message) => Refused("22023", message, $"{Role} {options}");

    [Theory]
    [InlineData("gzip bzip2")]
    [InlineData("gzip gzip")]
    [InlineData("csv json")]
    [InlineData("manifest manifest")]
    [InlineData("access_key_id 'A' secret_access_key 'S'")]
    [InlineData("iam_role default")]
    [InlineData("credentials 'aws_iam_role=arn:aws:iam::1:role/r'")]
    public void A_repeated_option_is_refused(string options) => Refused("42601", "conflicting or redundant options", $"{Role} {options}");

    [Theory]
    [InlineData("", "CREDENTIALS argument is required but not provided")]
    [InlineData(Role + " verbose", "syntax error at or near \"verbose\"")]
    [InlineData(Role + " limit 3", "syntax error at or near \"limit\"")]
    [InlineData(Role + " avro", "syntax error at or near \"avro\"")]
    [InlineData(Role + " partition by", "syntax error at end of input")]
    [InlineData(Role + " partition by ('a')", "syntax error at or near \"'...'\"")]
    [InlineData(Role + " maxfilesize 'x'", "syntax error at or near \"'...'\"")]
    public void What_is_no_syntax_is_refused(string options, string message) => Refused("42601", message, options);

    [Theory]
    [InlineData("dynamodb://t", "UNLOAD destination is not supported. (Hint: only S3 based unload is allowed)")]
    [InlineData("/tmp/x", "UNLOAD destination is not supported. (Hint: only S3 based unload is allowed)")]
    [InlineData("s3://my-point-s3alias/p", "UNLOAD does not support Amazon S3 access point aliases")]
    public void The_target_must_be_a_bucket(string target, string message)
    {
        var error = Assert.Throws<ServerException>(() => UnloadParser.Parse(StatementSplitter.Split($"unload ('select 1') to '{target}' {Role}")[0], false)).Error;
        Assert.Equal(("0A000", message), (error.SqlState, error.Message));
    }

    [Fact]
    public void Partitions_get_a_folder_of_their_own()
    {
        var command = Parse($"{Role} partition by (Year, \"Month\") include");

        Assert.Equal(["year", "month"], command.PartitionBy);
        Assert.True(command.IncludePartitions);
        Assert.Equal("p_/", command.Prefix);
    }

    [Fact]
    public void Random_options_end_in_a_command_or_a_refusal()
    {
        string[] words =
        [
            "csv", "json", "parquet", "format", "as", "manifest", "verbose", "header", "delimiter", "'|'", "fixedwidth", "'a:1,b:2'", "encrypted", "auto", "kms_key_id",
            "'k'", "gzip", "bzip2", "zstd", "addquotes", "null", "'\\\\N'", "escape", "allowoverwrite", "cleanpath", "parallel", "on", "off", "maxfilesize", "5", "6.2",
            "gb", "mb", "rowgroupsize", "region", "'eu'", "extension", "partition", "by", "(", ")", ",", "a", "include", "iam_role", "default", "credentials", "'x=y'", "-1", "$$",
        ];
        var random = new Random(20261123);
        var read = 0;
        for (var round = 0; round < 4000; round++)
        {
            var options = string.Join(' ', Enumerable.Range(0, random.Next(6)).Select(_ => words[random.Next(words.Length)])) + (round % 2 == 0 ? " " + Role : "");
            try
            {
                Parse(options);
                read++;
            }
            catch (ServerException exception)
            {
                Assert.Contains(exception.Error.SqlState, (string[])["42601", "0A000", "22023", "42701", "XX000"]);
            }
        }

        Assert.InRange(read, 20, 3000);
    }

    [Fact]
    public void A_statement_cut_off_anywhere_is_a_command_or_a_refusal()
    {
        const string Sql = "unload ('select * from t where a = ''b''') to 's3://b/p_' access_key_id 'A' secret_access_key 'S' manifest verbose gzip delimiter '\\t' escape null as '\\\\N' maxfilesize 5.5 mb partition by (a, b) include";
        for (var length = 0; length < Sql.Length; length++)
        {
            try
            {
                foreach (var statement in StatementSplitter.Split(Sql[..length]))
                {
                    UnloadParser.Parse(statement, false);
                }
            }
            catch (ServerException exception)
            {
                Assert.Contains(exception.Error.SqlState, (string[])["42601", "XX000"]);
            }
        }
    }

    private static void Refused(string state, string message, string options)
    {
        var error = Assert.Throws<ServerException>(() => Parse(options)).Error;
        Assert.Equal((state, message), (error.SqlState, error.Message));
    }

    private static UnloadCommand Parse(string options) =>
        UnloadParser.Parse(StatementSplitter.Split($"unload ('select 1') to 's3://b/p_' {options}")[0], caseSensitiveIdentifiers: false);
}

using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations.S3;
using Sluice.Targets;
using Sluice.Targets.Redshift;

namespace Sluice.Tests.Targets.Redshift;

public sealed class StagingOptionsTests
{
    [Fact]
    public void Nothing_written_is_the_defaults()
    {
        Assert.Equal(new StagingOptions(), StagingOptions.From(new LoadOptions()));
        Assert.Equal(Compression.Gzip, new StagingOptions().Compression);
        Assert.False(new StagingOptions().CopyPerBatch);
    }

    [Fact]
    public void Every_option_arrives() => Assert.Equal(
        new StagingOptions
        {
            Bucket = "b",
            Prefix = "p",
            IamRole = "default",
            AwsProfile = "loads",
            AwsRegion = "eu-west-1",
            CopyPerBatch = true,
            Compression = Compression.Zstd,
            PartBytes = 64 << 20,
            KmsKey = "k",
            KeepStagedFiles = true,
        },
        StagingOptions.From(new LoadOptions
        {
            TargetOptions =
            [
                Text("staging bucket", "b"), Text("staging prefix", "p"), Text("iam role", "default"), Text("aws profile", "loads"),
                Text("aws region", "eu-west-1"), Text("copy per", "batch"), Text("compress", "zstd"),
                new TargetOption("part size", null, 64 << 20, "x:1:1"), Text("kms key", "k"), Text("keep staged files", "on"),
            ],
        }));

    [Fact]
    public void Every_option_of_the_language_is_read()
    {
        var properties = typeof(StagingOptions).GetProperties().Select(property => property.Name).Where(name => name != "EqualityContract").ToList();
        Assert.Equal(properties.Count, RedshiftOptions.Target.Options.Length);
    }

    [Theory]
    [InlineData((1 << 20) - 1)]
    [InlineData((1 << 30) + 1)]
    public void A_part_size_that_does_no_good_is_an_error(long bytes)
    {
        var options = new LoadOptions { TargetOptions = [new TargetOption("part size", null, bytes, "x:1:1")] };
        var error = Assert.Throws<TargetException>(() => StagingOptions.From(options));
        Assert.Equal($"x:1:1: The option part size takes 1 MB to 1 GB, found {bytes} bytes", error.Message);
    }

    [Fact]
    public void A_target_refuses_what_was_written_for_another()
    {
        var options = new LoadOptions { TargetOptions = [Text("iam role", "default")] };
        RedshiftOptions.Target.CheckOptions(options);
        var error = Assert.Throws<TargetException>(() => new TargetDescriptor { Name = "PostgreSQL" }.CheckOptions(options));
        Assert.Equal("x:1:1: The option iam role has no use here: the server is PostgreSQL; nothing was done", error.Message);
        Assert.Equal("remove the option, or load into the server it was meant for", error.Hint);
    }

    [Theory]
    [InlineData("public.t-1", "public.t-1")]
    [InlineData("größe/x y'z", "gr--e-x-y-z")]
    [InlineData("a_very_long_name_of_a_table_that_goes_on_and_on", "a_very_long_name_of_a_table_that_goes_on")]
    public void A_tables_name_becomes_a_piece_of_a_key(string name, string expected) => Assert.Equal(expected, StagingArea.SafeName(name));

    [Fact]
    public void Keys_are_quoted_as_the_server_reads_them()
    {
        var authorization = CopyAuthorization.OfKeys("A'B", @"C\D", null);
        Assert.Equal(@"ACCESS_KEY_ID 'A''B' SECRET_ACCESS_KEY 'C\\D'", authorization.Sql);
        Assert.Equal("ACCESS_KEY_ID … SECRET_ACCESS_KEY …", authorization.ToString());
        Assert.Equal("IAM_ROLE 'arn:aws:iam::1:role/a,arn:aws:iam::2:role/b'", CopyAuthorization.OfRole("arn:aws:iam::1:role/a,arn:aws:iam::2:role/b").ToString());
    }

    [Theory]
    [InlineData("cn-north-1", "aws-cn")]
    [InlineData("us-gov-west-1", "aws-us-gov")]
    [InlineData("eu-west-1", "aws")]
    [InlineData(null, "aws")]
    public void A_policy_names_the_partition_of_the_region(string? region, string partition)
    {
        var address = new StagingAddress
        {
            Bucket = "b",
            BucketFrom = null,
            Prefix = "p/",
            Region = region,
            RegionFrom = null,
            Endpoint = null,
            Identity = "AWS_ACCESS_KEY_ID",
        };
        Assert.Equal(
            $$"""{"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "arn:{{partition}}:s3:::b/p/*"}""",
            StagingPolicy.Statement(StagingAction.Put, address));
    }

    private static TargetOption Text(string key, string text) => new(key, text, 0, "x:1:1");
}

using Sluice.Diagnostics;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>A load that cannot be staged has not touched anything.</summary>
public sealed class RedshiftPreflightTests(RedshiftServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("AWS_SECRET_ACCESS_KEY", "not-the/secret", "the secret key does not belong to the access key")]
    [InlineData("AWS_SECRET_ACCESS_KEY", "", "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not")]
    [InlineData("AWS_ACCESS_KEY_ID", "AKIANOBODYKNOWS00001", "the access key is not known (the keys are from AWS_ACCESS_KEY_ID)")]
    [InlineData("AWS_ACCESS_KEY_ID", "", "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not")]
    [InlineData("AWS_S3_BUCKET_NAME", "no-such-bucket", "there is no such bucket")]
    [InlineData("AWS_DEFAULT_REGION", "eu-west-1", "the bucket is in the region us-east-1, not in eu-west-1, which AWS_DEFAULT_REGION names")]
    public async Task Neither_the_table_nor_what_comes_before_the_load_is_touched(string variable, string value, string message)
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer); INSERT INTO {load.Table} SELECT 1", Ct);
        load.Environment[variable] = value;
        var result = await load.With("data.csv", "2\n").LoadAsync("truncate", Ct, $"BEFORE LOAD DO $$ INSERT INTO {load.Table} SELECT 3 $$");
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains(message, load.Shown, StringComparison.Ordinal);
        Assert.Equal("1", await load.QueryAsync($"SELECT * FROM {load.Table}", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
        Assert.DoesNotContain("not-the/secret", load.Everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "AccessDenied", "access is denied: AWS_ACCESS_KEY_ID lacks s3:ListBucket, or the bucket is somebody else's")]
    [InlineData("GET", "AccountIsNotOwner", "access is denied: AWS_ACCESS_KEY_ID lacks s3:ListBucket, or the bucket is somebody else's")]
    [InlineData("PUT", "AccessDenied", "access is denied: AWS_ACCESS_KEY_ID lacks s3:PutObject")]
    [InlineData("GET", "ExpiredToken", "the temporary keys have expired (the keys are from AWS_ACCESS_KEY_ID)")]
    public async Task What_S3_refuses_is_said_before_anything_is_done(string method, string code, string message)
    {
        using var load = await servers.OpenAsync(Ct, "preflight");
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer); INSERT INTO {load.Table} SELECT 1", Ct);
        await load.FaultAsync($$"""{"point":"storeRequest","contains":"{{method}} /{{load.Bucket}}","nth":1,"kind":"error","code":"{{code}}"}""", Ct);
        var result = await load.With("data.csv", "2\n").LoadAsync("truncate", Ct);
        await load.ClearFaultsAsync(Ct);
        Assert.True(result.ExitCode == ExitCode.LoadFailed, load.Everything);
        Assert.Contains(message, load.Shown, StringComparison.Ordinal);
        Assert.Equal("1", await load.QueryAsync($"SELECT * FROM {load.Table}", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }
}

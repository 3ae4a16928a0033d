using System.Diagnostics;
using RedshiftLocal.Store;
using Sluice.Diagnostics;
using Sluice.Locations.S3;
using Sluice.Targets.Redshift;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>Credentials are found where the AWS command line finds them, and COPY gets what there is.</summary>
public sealed class AwsCredentialsTests
{
    private const string File = "[default]\naws_access_key_id = AKIAFULLACCESS\naws_secret_access_key = the/secret+of-all-rights\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_variables_are_used_and_put_into_COPY()
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using var area = await bucket.OpenAsync();
        var authorization = await area.AuthorizeAsync(Ct);
        Assert.Equal($"ACCESS_KEY_ID '{StagingBucket.AccessKey}' SECRET_ACCESS_KEY '{StagingBucket.SecretKey}'", authorization.Sql);
        Assert.Equal([StagingBucket.SecretKey], authorization.Secrets);
        Assert.True(authorization.HasKeys);
    }

    [Fact]
    public async Task A_session_token_is_passed_on_to_COPY()
    {
        await using var bucket = await StagingBucket.StartAsync(S3Rights.All, "the-token");
        await using var area = await bucket.OpenAsync();
        var authorization = await area.AuthorizeAsync(Ct);
        Assert.Equal("ACCESS_KEY_ID 'AKIALESS' SECRET_ACCESS_KEY 'the/secret+of-less' SESSION_TOKEN 'the-token'", authorization.Sql);
        Assert.Equal(["the/secret+of-less", "the-token"], authorization.Secrets);
    }

    [Fact]
    public async Task The_default_section_of_the_credentials_file_is_used()
    {
        await using var bucket = await WithoutKeysAsync();
        bucket.WriteProfiles("credentials", File);
        await using var area = await bucket.OpenAsync();
        Assert.Contains($"'{StagingBucket.SecretKey}'", (await area.AuthorizeAsync(Ct)).Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_variables_count_before_the_file()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.WriteProfiles("credentials", "[default]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n");
        await using var area = await bucket.OpenAsync();
        Assert.Contains(StagingBucket.AccessKey, (await area.AuthorizeAsync(Ct)).Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_the_command_names_counts_before_the_variables()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.WriteProfiles("credentials", File.Replace("default", "loads", StringComparison.Ordinal));
        bucket.Environment["AWS_ACCESS_KEY_ID"] = "AKIAOTHER";
        await using var area = await bucket.OpenAsync(new StagingOptions { AwsProfile = "loads" });
        Assert.Contains(StagingBucket.AccessKey, (await area.AuthorizeAsync(Ct)).Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_at_other_places_are_read()
    {
        await using var bucket = await WithoutKeysAsync();
        var path = Path.Combine(bucket.Home, "keys");
        await System.IO.File.WriteAllTextAsync(path, File.Replace("default", "loads", StringComparison.Ordinal), Ct);
        bucket.Environment["AWS_SHARED_CREDENTIALS_FILE"] = path;
        bucket.Environment["AWS_PROFILE"] = "loads";
        await using var area = await bucket.OpenAsync();
        Assert.Contains(StagingBucket.AccessKey, (await area.AuthorizeAsync(Ct)).Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_can_name_the_endpoint()
    {
        await using var bucket = await WithoutKeysAsync();
        bucket.Environment.Remove("AWS_ENDPOINT_URL");
        bucket.WriteProfiles("credentials", File);
        bucket.WriteProfiles("config", $"[default]\nendpoint_url = {bucket.Endpoint}\n");
        await using var area = await bucket.OpenAsync();
        Assert.Equal(StagingBucket.Name, area.Bucket);
    }

    [Theory]
    [InlineData("arn:aws:iam::123456789012:role/loader", "IAM_ROLE 'arn:aws:iam::123456789012:role/loader'")]
    [InlineData("default", "IAM_ROLE default")]
    public async Task A_role_takes_the_place_of_keys_in_COPY(string role, string sql)
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using var area = await bucket.OpenAsync(new StagingOptions { IamRole = role });
        var authorization = await area.AuthorizeAsync(Ct);
        Assert.Equal(sql, authorization.Sql);
        Assert.False(authorization.HasKeys);
    }

    [Fact]
    public async Task Without_any_credentials_the_message_says_where_they_were_looked_for()
    {
        await using var bucket = await WithoutKeysAsync();
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync());
        Assert.Equal(
            "There are no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor a profile \"default\" in "
            + $"{bucket.Home}/.aws/credentials, nor a role of this machine", error.Message);
        Assert.Equal(
            "set the two variables, or AWS_PROFILE, or write aws_access_key_id and aws_secret_access_key into the file's section [default]", error.Hint);
    }

    [Fact]
    public async Task Where_there_is_no_metadata_service_the_search_ends_soon()
    {
        await using var bucket = await WithoutKeysAsync();
        bucket.Environment.Remove("AWS_EC2_METADATA_DISABLED");
        bucket.Environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://192.0.2.1"; // nobody is there, and nothing says so
        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")]
    public async Task One_variable_without_the_other_is_an_error(string set, string missing)
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Environment.Remove(missing);
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync());
        Assert.Equal($"{set} is set, but {missing} is not", error.Message);
    }

    [Fact]
    public async Task A_profile_that_is_not_there_is_an_error()
    {
        await using var bucket = await WithoutKeysAsync();
        bucket.WriteProfiles("config", "[profile loads]\nregion = us-east-1\n");
        bucket.Environment["AWS_PROFILE"] = "lods";
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync());
        Assert.Equal($"There is no profile \"lods\", which AWS_PROFILE names, in {bucket.Home}/.aws/config or {bucket.Home}/.aws/credentials", error.Message);
        Assert.Equal("did you mean loads?", error.Hint);
    }

    [Theory]
    [InlineData("region = us-east-1", "The profile \"loads\" holds no credentials")]
    [InlineData("aws_access_key_id = A", "The profile \"loads\" has aws_access_key_id but no aws_secret_access_key")]
    [InlineData("aws_secret_access_key = B", "The profile \"loads\" has aws_secret_access_key but no aws_access_key_id")]
    public async Task A_profile_without_keys_is_an_error(string line, string message)
    {
        await using var bucket = await WithoutKeysAsync();
        bucket.WriteProfiles("credentials", $"[loads]\n{line}\n");
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync(new StagingOptions { AwsProfile = "loads" }));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task A_command_can_give_the_keys()
    {
        await using var bucket = await WithoutKeysAsync();
        var script = Path.Combine(bucket.Home, "keys.sh");
        await System.IO.File.WriteAllTextAsync(script, """
            #!/bin/sh
            echo '{"Version": 1, "AccessKeyId": "AKIAFULLACCESS", "SecretAccessKey": "the/secret+of-all-rights"}'
            """, Ct);
        System.IO.File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        bucket.WriteProfiles("credentials", "");
        bucket.WriteProfiles("config", $"[profile loads]\ncredential_process = {script}\n");
        await using var area = await bucket.OpenAsync(new StagingOptions { AwsProfile = "loads" });
        Assert.Contains(StagingBucket.AccessKey, (await area.AuthorizeAsync(Ct)).Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_fails_is_an_error()
    {
        await using var bucket = await WithoutKeysAsync();
        bucket.WriteProfiles("credentials", "");
        bucket.WriteProfiles("config", "[profile loads]\ncredential_process = /bin/sh -c \"echo the/secret; echo the/secret >&2; exit 1\"\n");
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync(new StagingOptions { AwsProfile = "loads" }));
        Assert.Equal("Cannot get keys from profile loads: its credential_process failed, or printed something else than keys", error.Message);
        Assert.DoesNotContain("the/secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_of_SSO_without_a_login_says_so()
    {
        await using var bucket = await WithoutKeysAsync();
        bucket.WriteProfiles("credentials", "");
        bucket.WriteProfiles("config", """
            [profile loads]
            sso_session = corp
            sso_account_id = 123456789012
            sso_role_name = loader
            [sso-session corp]
            sso_region = us-east-1
            sso_start_url = https://corp.example/start
            """);
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync(new StagingOptions { AwsProfile = "loads" }));
        Assert.StartsWith("Cannot get keys from profile loads: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("see what `aws sts get-caller-identity` says; for SSO: aws sso login", error.Hint);
    }

    [Fact]
    public async Task Nothing_that_is_logged_or_thrown_holds_a_secret()
    {
        await using var bucket = await StagingBucket.StartAsync(S3Rights.All, "the-token");
        await using (var area = await bucket.OpenAsync())
        {
            await area.PutAsync("1.csv", "x"u8.ToArray(), Ct);
            Assert.DoesNotContain("the-token", (await area.AuthorizeAsync(Ct)).ToString(), StringComparison.Ordinal);
            bucket.Order("\"kind\": \"error\", \"code\": \"SignatureDoesNotMatch\"");
            var error = await Assert.ThrowsAsync<TargetException>(() => area.PutAsync("2.csv", "x"u8.ToArray(), Ct));
            Assert.DoesNotContain("secret+of-less", error.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("the-token", error.ToString(), StringComparison.Ordinal);
        }

        Assert.NotEmpty(bucket.Log.Lines);
        Assert.All(bucket.Log.Lines, line =>
        {
            Assert.DoesNotContain("secret+of-less", line, StringComparison.Ordinal);
            Assert.DoesNotContain("the-token", line, StringComparison.Ordinal);
        });
    }

    private static async Task<StagingBucket> WithoutKeysAsync()
    {
        var bucket = await StagingBucket.StartAsync();
        bucket.Environment.Remove("AWS_ACCESS_KEY_ID");
        bucket.Environment.Remove("AWS_SECRET_ACCESS_KEY");
        return bucket;
    }
}

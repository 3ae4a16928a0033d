using Amazon.Runtime.Internal;
using Sluice.Diagnostics;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>
/// Keys that the SDK fetches: of roles that are assumed, of containers, of instances. The SDK reads the process's own environment, so nothing
/// else runs meanwhile.
/// </summary>
[Collection(ProcessEnvironment.Name)]
public sealed class AwsRolesTests(InstanceService instance) : IClassFixture<InstanceService>, IAsyncDisposable
{
    private readonly Dictionary<string, string?> _before = [];
    private readonly List<KeyService> _services = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        FallbackInternalConfigurationFactory.Reset();
        _services.ForEach(service => service.Dispose());
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_role_is_assumed_and_its_temporary_keys_go_into_COPY()
    {
        await using var bucket = await WithRoleAsync(StagingBucket.RoleArn);
        await using var area = await bucket.OpenAsync();
        var authorization = await area.AuthorizeAsync(Ct);
        Assert.Matches("^ACCESS_KEY_ID '[A-Z0-9]+' SECRET_ACCESS_KEY '[^']+' SESSION_TOKEN '[^']+'$", authorization.Sql);
        Assert.DoesNotContain(StagingBucket.AccessKey, authorization.Sql, StringComparison.Ordinal);
        Assert.Equal(2, authorization.Secrets.Length);
    }

    [Fact]
    public async Task A_role_that_may_not_be_assumed_is_an_error()
    {
        await using var bucket = await WithRoleAsync("arn:aws:iam::123456789012:role/another");
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync());
        Assert.StartsWith("Cannot get keys from profile loads: the role cannot be assumed, access is denied (request ", error.Message, StringComparison.Ordinal);
        Assert.Equal("the role's trust policy has to name who assumes it, and the one who does needs sts:AssumeRole", error.Hint);
        Assert.DoesNotContain(StagingBucket.SecretKey, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_containers_role_is_used()
    {
        await using var bucket = await WithoutKeysAsync();
        Set(bucket, "AWS_CONTAINER_CREDENTIALS_FULL_URI", Serve(_ => Keys()) + "keys");
        await using var area = await bucket.OpenAsync();
        Assert.Contains(StagingBucket.AccessKey, (await area.AuthorizeAsync(Ct)).Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_gives_no_keys_is_an_error()
    {
        await using var bucket = await WithoutKeysAsync();
        Set(bucket, "AWS_CONTAINER_CREDENTIALS_FULL_URI", Serve(_ => "{}") + "keys");
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync());
        Assert.StartsWith("Cannot get keys from the container's role: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_instances_role_is_used()
    {
        await using var bucket = await WithoutKeysAsync();
        ServeInstance(bucket, request =>
            request.StartsWith("PUT /latest/api/token", StringComparison.Ordinal) ? "a-metadata-token"
            : request.Contains("/iam/info", StringComparison.Ordinal) ? $$"""{"Code": "Success", "LastUpdated": "{{DateTimeOffset.UtcNow:s}}Z", "InstanceProfileArn": "arn:x", "InstanceProfileId": "y"}"""
            : request.Contains("/security-credentials/loader", StringComparison.Ordinal) ? Keys()
            : request.Contains("/security-credentials/", StringComparison.Ordinal) ? "loader" : "");
        await using var area = await bucket.OpenAsync();
        Assert.Contains(StagingBucket.AccessKey, (await area.AuthorizeAsync(Ct)).Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_without_a_role_is_no_instance_with_keys()
    {
        await using var bucket = await WithoutKeysAsync();
        ServeInstance(bucket, request =>
            request.StartsWith("PUT /latest/api/token", StringComparison.Ordinal) ? "a-metadata-token" : "");
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync());
        Assert.Contains("nor a role of this machine (", error.Message, StringComparison.Ordinal);
    }

    private static string Keys() => $$"""
        {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "{{DateTimeOffset.UtcNow:s}}Z", "AccessKeyId": "{{StagingBucket.AccessKey}}",
         "SecretAccessKey": "{{StagingBucket.SecretKey}}", "Token": "", "Expiration": "{{DateTimeOffset.UtcNow.AddHours(6):s}}Z"}
        """;

    private async Task<StagingBucket> WithRoleAsync(string role)
    {
        var bucket = await WithoutKeysAsync();
        bucket.WriteProfiles("credentials", $"[base]\naws_access_key_id = {StagingBucket.AccessKey}\naws_secret_access_key = {StagingBucket.SecretKey}\n");
        bucket.WriteProfiles("config", $"[profile loads]\nrole_arn = {role}\nsource_profile = base\nregion = us-east-1\n");
        Set(bucket, "AWS_ENDPOINT_URL_STS", bucket.Endpoint.AbsoluteUri);
        bucket.Environment["AWS_PROFILE"] = "loads";
        return bucket;
    }

    private static async Task<StagingBucket> WithoutKeysAsync()
    {
        var bucket = await StagingBucket.StartAsync();
        bucket.Environment.Remove("AWS_ACCESS_KEY_ID");
        bucket.Environment.Remove("AWS_SECRET_ACCESS_KEY");
        return bucket;
    }

    private void Set(StagingBucket bucket, string name, string value)
    {
        bucket.Environment[name] = value;
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
        FallbackInternalConfigurationFactory.Reset(); // it has read the environment before
    }

    private void ServeInstance(StagingBucket bucket, Func<string, string> answer)
    {
        instance.Answer = answer;
        Set(bucket, "AWS_EC2_METADATA_DISABLED", "false");
        Set(bucket, "AWS_EC2_METADATA_SERVICE_ENDPOINT", instance.Address.TrimEnd('/'));
    }

    private string Serve(Func<string, string> answer)
    {
        var service = new KeyService(answer);
        _services.Add(service);
        return service.Address;
    }
}

/// <summary>The service that tells an instance its role. The SDK keeps the first address that it sees: there is one for all tests.</summary>
public sealed class InstanceService : IDisposable
{
    private readonly KeyService _service;
    private volatile Func<string, string> _answer = _ => "";

    public InstanceService() => _service = new KeyService(request => _answer(request));

    public string Address => _service.Address;

    public Func<string, string> Answer
    {
        set => _answer = value;
    }

    public void Dispose() => _service.Dispose();
}

/// <summary>Tests that change or measure the process: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessEnvironment
{
    public const string Name = "process environment";
}

using System.Collections.Immutable;
using System.Text;
using RedshiftLocal.Secrecy;
using RedshiftLocal.Store;
using RedshiftLocal.Tests.Store.Clients;

namespace RedshiftLocal.Tests.Store;

/// <summary>GetCallerIdentity and AssumeRole. https://docs.aws.amazon.com/STS/latest/APIReference/</summary>
public sealed class SecurityTokenServiceTests
{
    private const string Role = "arn:aws:iam::123456789012:role/loader";
    private const string Assume = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Floader&RoleSessionName=test";

    [Fact]
    public async Task It_says_who_is_asking()
    {
        await using var store = await StartAsync();

        var answer = await AskAsync(store, "Action=GetCallerIdentity&Version=2011-06-15");

        Assert.Equal(200, answer.Status);
        Assert.Equal(("123456789012", $"arn:aws:iam::123456789012:user/{TestStore.AccessKey}"), (answer.Element("Account"), answer.Element("Arn")));
    }

    [Fact]
    public async Task A_role_gives_keys_with_its_rights_until_they_expire()
    {
        var clock = new FixedTime(DateTimeOffset.UtcNow.AddMinutes(-5));
        var secrets = new SecretLedger();
        await using var store = await StartAsync(options => options with { Time = clock, Secrets = secrets });

        var answer = await AskAsync(store, Assume + "&DurationSeconds=900");
        var issued = new S3Credential
        {
            AccessKey = answer.Element("AccessKeyId"),
            SecretKey = answer.Element("SecretAccessKey"),
            SessionToken = answer.Element("SessionToken"),
        };
        using var client = store.ClientOf(issued);
        var put = await CodeAsync(() => client.PutObjectAsync(new() { BucketName = "test-bucket", Key = "a", ContentBody = "x" }));
        var list = await CodeAsync(() => client.ListObjectsV2Async(new() { BucketName = "test-bucket" }));
        clock.Now += TimeSpan.FromMinutes(15);
        var late = await CodeAsync(() => client.ListObjectsV2Async(new() { BucketName = "test-bucket" }));

        Assert.Equal("arn:aws:sts::123456789012:assumed-role/loader/test", answer.Element("Arn"));
        Assert.StartsWith("ASIA", issued.AccessKey, StringComparison.Ordinal);
        Assert.Equal(("AccessDenied", "", "ExpiredToken"), (put, list, late));
        Assert.Equal("''", secrets.Mask(issued.SecretKey));
    }

    [Theory]
    [InlineData("Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fother&RoleSessionName=test", 403, "AccessDenied")]
    [InlineData("Action=AssumeRole&Version=2011-06-15&RoleSessionName=test", 400, "ValidationError")]
    [InlineData(Assume + "&DurationSeconds=60", 400, "ValidationError")]
    [InlineData(Assume + "&Policy=x", 400, "ValidationError")]
    [InlineData("Action=GetCallerIdentity", 400, "InvalidAction")]
    [InlineData("Action=GetSessionToken&Version=2011-06-15", 400, "InvalidAction")]
    [InlineData("", 400, "InvalidAction")]
    public async Task What_it_cannot_give_it_refuses(string form, int status, string code)
    {
        await using var store = await StartAsync();

        var answer = await AskAsync(store, form);

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        await using var store = await StartAsync();
        var raw = new RawS3(store.Endpoint, TestStore.AccessKey, "wrong") { Service = "sts" };

        var answer = await raw.SendAsync("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15"u8.ToArray());

        Assert.Equal((403, "SignatureDoesNotMatch"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Boto3_gets_along_with_it()
    {
        var python = await ClientProgram.RequirePythonAsync("boto3");
        await using var store = await StartAsync();

        var result = await ClientProgram.RunAsync(
            python,
            [
                "-c",
                $"""
                import boto3
                sts = boto3.client('sts', endpoint_url='{store.Endpoint}', region_name='us-east-1', aws_access_key_id='{TestStore.AccessKey}', aws_secret_access_key='{TestStore.SecretKey}')
                print(sts.get_caller_identity()['Account'])
                c = sts.assume_role(RoleArn='{Role}', RoleSessionName='test')['Credentials']
                s3 = boto3.client('s3', endpoint_url='{store.Endpoint}', region_name='us-east-1', aws_access_key_id=c['AccessKeyId'], aws_secret_access_key=c['SecretAccessKey'], aws_session_token=c['SessionToken'])
                print(s3.list_objects_v2(Bucket='test-bucket')['KeyCount'])
                """,
            ]);

        Assert.True(result.Output == "123456789012\n0\n", result.ToString());
    }

    private static Task<TestStore> StartAsync(Func<S3StoreOptions, S3StoreOptions>? change = null)
    {
        var reader = TestStore.Credential("reader", ("test-bucket", S3Rights.List));
        return TestStore.StartAsync(options => (change ?? (same => same))(options with
        {
            Credentials = [.. options.Credentials, reader],
            Roles = ImmutableDictionary<string, string>.Empty.Add(Role, reader.AccessKey),
        }));
    }

    private static Task<RawAnswer> AskAsync(TestStore store, string form)
    {
        var raw = store.Raw();
        raw.Service = "sts";
        return raw.SendAsync("POST", "/", Encoding.UTF8.GetBytes(form));
    }

    private static async Task<string> CodeAsync(Func<Task> action)
    {
        try
        {
            await action();
            return "";
        }
        catch (Amazon.S3.AmazonS3Exception error)
        {
            return error.ErrorCode;
        }
    }
}

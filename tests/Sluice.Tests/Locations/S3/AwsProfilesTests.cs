using Sluice.Locations.S3;

namespace Sluice.Tests.Locations.S3;

public sealed class AwsProfilesTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("sluice-aws-").FullName;

    public AwsProfilesTests() => Directory.CreateDirectory(Path.Combine(_home, ".aws"));

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Both_files_are_read_and_the_credentials_file_counts_first()
    {
        var profiles = Read("[default]\nregion = eu-west-1\n[loads]\naws_access_key_id=A # mine\n",
            "[default]\nregion=us-east-1\noutput = json\n[profile loads]\nregion = eu-central-1 ; here\n\n# nothing\n[profile \"two words\"]\nREGION = x#y\n");
        Assert.Equal("eu-west-1", profiles.Find("default", "region"));
        Assert.Equal("json", profiles.Find("default", "output"));
        Assert.Equal("A", profiles.Find("loads", "aws_access_key_id"));
        Assert.Equal("eu-central-1", profiles.Find("loads", "region"));
        Assert.Equal("x#y", profiles.Find("two words", "region"));
        Assert.Null(profiles.Find("loads", "output"));
    }

    [Fact]
    public void Sections_that_are_no_profiles_and_nested_settings_are_passed_over()
    {
        var profiles = Read("", """
            [sso-session corp]
            region = a
            [services s3]
            region = b
            [default]
            s3 =
              region = c
              endpoint_url = d
            region = e
            [loads]
            region = f
            """);
        Assert.Equal(["default"], profiles.Names);
        Assert.Equal("e", profiles.Find("default", "region"));
        Assert.Null(profiles.Find("default", "endpoint_url"));
        Assert.Null(profiles.Find("default", "s3"));
    }

    [Fact]
    public void Missing_files_are_no_profiles() =>
        Assert.Empty(AwsProfiles.Read(new AwsEnvironment(name => name == "HOME" ? Path.Combine(_home, "nowhere") : null)).Names);

    [Fact]
    public void An_empty_variable_counts_as_none()
    {
        var environment = new AwsEnvironment(name => name switch
        {
            "HOME" => _home,
            "AWS_PROFILE" => "",
            "AWS_ENDPOINT_URL" => "http://all",
            "AWS_ENDPOINT_URL_S3" => "",
            "AWS_ENDPOINT_URL_STS" => "http://sts",
            _ => null,
        });
        Assert.Null(environment.Profile);
        Assert.Equal("http://all", environment.Endpoint("S3"));
        Assert.Equal("http://sts", environment.Endpoint("STS"));
        Assert.Equal(Path.Combine(_home, ".aws", "credentials"), environment.CredentialsPath);
    }

    [Fact]
    public void Configured_endpoints_can_be_ignored() => Assert.Null(new AwsEnvironment(name => name switch
    {
        "AWS_ENDPOINT_URL" => "http://all",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" => "TRUE",
        _ => null,
    }).Endpoint("S3"));

    [Fact]
    public void Whatever_stands_in_a_file_is_read_without_a_fault()
    {
        const string Text = "[default]\nregion = eu-west-1\n[profile loads]\n  nested = 1\naws_access_key_id=A # x\n[sso-session x]\n";
        var random = new Random(20261122);
        for (var i = 0; i < 500; i++)
        {
            var characters = Text[..random.Next(Text.Length)].ToCharArray();
            for (var j = 0; j < 3 && characters.Length > 0; j++)
            {
                characters[random.Next(characters.Length)] = "[]=#; \n\t\0ä"[random.Next(10)];
            }

            var profiles = Read(new string(characters), new string(characters));
            Assert.All(profiles.Names, name => Assert.NotEqual("", profiles.Find(name, "region")));
        }
    }

    private AwsProfiles Read(string credentials, string config)
    {
        File.WriteAllText(Path.Combine(_home, ".aws", "credentials"), credentials);
        File.WriteAllText(Path.Combine(_home, ".aws", "config"), config);
        return AwsProfiles.Read(new AwsEnvironment(name => name == "HOME" ? _home : null));
    }
}

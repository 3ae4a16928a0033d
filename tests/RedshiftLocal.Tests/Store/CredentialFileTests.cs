using RedshiftLocal.Store;

namespace RedshiftLocal.Tests.Store;

public sealed class CredentialFileTests
{
    [Fact]
    public void A_file_may_hold_permanent_and_temporary_keys_with_rights()
    {
        var credentials = CredentialFile.Parse(
            """
            {"credentials": [
              {"accessKey": "A", "secretKey": "s"},
              // comments are allowed
              {"accessKey": "B", "secretKey": "s", "sessionToken": "t", "expires": "2030-01-01T00:00:00Z", "account": "999999999999",
               "arn": "arn:aws:iam::999999999999:user/b", "rights": {"in-bucket": ["read", "list"], "*": []}},
            ]}
            """);

        Assert.Equal(S3Rights.All, credentials[0].RightsOn("anything"));
        Assert.Equal(("t", "999999999999", new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)), (credentials[1].SessionToken, credentials[1].Account, credentials[1].Expires));
        Assert.Equal(S3Rights.Read | S3Rights.List, credentials[1].RightsOn("in-bucket"));
        Assert.Equal(S3Rights.None, credentials[1].RightsOn("other"));
    }

    [Theory]
    [InlineData("", "line 1, byte 1 ($): ")]
    [InlineData("{}", "line 1, byte 3 ($): ")]
    [InlineData("{\"credentials\": []}", "no credentials in it; expected ")]
    [InlineData("{\"credentials\":\n [{\"accesskey\": 1}]}", "line 2, byte 18 ($.credentials[0].accesskey): ")]
    [InlineData("{\"credentials\": [{\"accessKey\": \"A\", \"secret\": \"s\"}]}", "line 1, byte 46 ($.credentials[0].secret): The JSON property 'secret' could not be mapped")]
    [InlineData("{\"credentials\": [{\"accessKey\": \"A\"}]}", "credentials[0]: accessKey and secretKey are needed")]
    [InlineData("{\"credentials\": [null]}", "credentials[0]: accessKey and secretKey are needed")]
    [InlineData("{\"credentials\": [{\"accessKey\": \"A\", \"secretKey\": \"s\", \"sessionToken\": \"\"}]}", "credentials[0] (A): sessionToken is empty; leave it out for a permanent key pair")]
    [InlineData("{\"credentials\": [{\"accessKey\": \"A\", \"secretKey\": \"s\", \"expires\": \"2030-01-01T00:00:00Z\"}]}", "credentials[0] (A): expires needs a sessionToken; permanent key pairs do not expire")]
    [InlineData("{\"credentials\": [{\"accessKey\": \"A\", \"secretKey\": \"s\", \"sessionToken\": \"t\", \"expires\": \"soon\"}]}", "line 1, byte 93 ($.credentials[0].expires): ")]
    [InlineData("{\"credentials\": [{\"accessKey\": \"A\", \"secretKey\": \"s\", \"account\": \"12\"}]}", "credentials[0] (A): account is '12', expected 12 digits")]
    [InlineData("{\"credentials\": [{\"accessKey\": \"A\", \"secretKey\": \"s\", \"rights\": {}}]}", "credentials[0] (A): rights is empty; leave it out for all rights, or give {\"*\": []} for none")]
    [InlineData("{\"credentials\": [{\"accessKey\": \"A\", \"secretKey\": \"s\", \"rights\": {\"../x\": []}}]}", "credentials[0] (A): '../x' is not a bucket name")]
    [InlineData("{\"credentials\": [{\"accessKey\": \"A\", \"secretKey\": \"s\", \"rights\": {\"*\": [\"fly\"]}}]}", "credentials[0] (A): right 'fly' on '*'; known are read, write, list, delete, manage, all")]
    [InlineData("{\"credentials\": [{\"accessKey\": \"A\", \"secretKey\": \"s\"}, {\"accessKey\": \"A\", \"secretKey\": \"s\"}]}", "the access key A is given twice")]
    public void What_is_wrong_is_named(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => CredentialFile.Parse(json));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_does_not_spill_its_secrets()
    {
        const string Json = "{\"credentials\": [{\"accessKey\": \"A\", \"secretKey\": \"wJalrXUtnFEMI\", \"sessionToken\": 5}]}";
        for (var length = 0; length < Json.Length; length++)
        {
            var error = Assert.Throws<InvalidDataException>(() => CredentialFile.Parse(Json[..length]));
            Assert.DoesNotContain("wJal", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_file_is_named()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "[]");
        var error = Assert.Throws<InvalidDataException>(() => CredentialFile.Load(path));
        File.Delete(path);

        Assert.StartsWith(path + ": line 1, ", error.Message, StringComparison.Ordinal);
    }
}

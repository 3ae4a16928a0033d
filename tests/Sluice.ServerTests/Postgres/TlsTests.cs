using System.Security.Cryptography;
using Sluice.Diagnostics;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Postgres;

/// <summary>The six modes against a server with TLS. Its certificate names localhost only; connections go to 127.0.0.1.</summary>
public sealed class TlsTests(PostgresServer server)
{
    private const string IsEncrypted = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Authority => server.Private.Certificates.Authority;

    private string OtherAuthority => server.Private.Certificates.OtherAuthority;

    [Theory]
    [InlineData("disable", "false")]
    [InlineData("allow", "false")]
    [InlineData("prefer", "true")]
    [InlineData("require", "true")]
    public async Task Mode_decides_whether_a_connection_is_encrypted(string mode, string expected) =>
        Assert.Equal(expected, await EncryptedAsync("password_user", ("sslmode", mode)));

    [Fact]
    public async Task Allow_uses_tls_when_plain_is_refused() => Assert.Equal("true", await EncryptedAsync("tls_user", ("sslmode", "allow")));

    [Fact]
    public async Task Disable_is_refused_where_the_server_wants_tls()
    {
        var error = await RefusedAsync("tls_user", ("sslmode", "disable"));
        Assert.Contains("pg_hba.conf", error.Message, StringComparison.Ordinal);
        Assert.Contains("sslmode=disable", error.Message, StringComparison.Ordinal);
        Assert.Contains("pg_hba.conf", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ca_checks_the_authority_but_not_the_name() =>
        Assert.Equal("true", await EncryptedAsync("password_user", ("sslmode", "verify-ca"), ("sslrootcert", Authority)));

    [Fact]
    public async Task Verify_ca_refuses_another_authority()
    {
        var error = await RefusedAsync("password_user", ("sslmode", "verify-ca"), ("sslrootcert", OtherAuthority));
        Assert.Contains($"is not signed by an authority in {OtherAuthority}", error.Message, StringComparison.Ordinal);
        Assert.Contains("sslrootcert", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_full_refuses_a_certificate_for_another_name()
    {
        var error = await RefusedAsync("password_user", ("sslmode", "verify-full"), ("sslrootcert", Authority));
        Assert.Contains("the server's certificate is for localhost, not for 127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_full_accepts_the_right_name() => Assert.Equal(
        "true",
        await EncryptedAsync("password_user", ("sslmode", "verify-full"), ("sslrootcert", Authority), ("host", "localhost"), ("hostaddr", "127.0.0.1")));

    [Fact]
    public async Task Require_checks_the_authority_when_a_root_certificate_exists()
    {
        var error = await RefusedAsync("password_user", ("sslmode", "require"), ("sslrootcert", OtherAuthority));
        Assert.Contains("is not signed by an authority", error.Message, StringComparison.Ordinal);
        Assert.Contains("sslmode=require checks the certificate because", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prefer_falls_back_to_plain_when_the_authority_is_another() =>
        Assert.Equal("false", await EncryptedAsync("password_user", ("sslmode", "prefer"), ("sslrootcert", OtherAuthority)));

    [Fact]
    public async Task Prefer_names_the_certificate_when_plain_is_refused_too()
    {
        var error = await RefusedAsync("tls_user", ("sslmode", "prefer"), ("sslrootcert", OtherAuthority));
        Assert.Contains("is not signed by an authority", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_systems_authorities_do_not_know_the_test_server()
    {
        var error = await RefusedAsync("password_user", ("sslrootcert", "system"), ("host", "localhost"), ("hostaddr", "127.0.0.1"));
        Assert.Contains("is not signed by an authority in the operating system", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_logs_in()
    {
        var certificates = server.Private.Certificates;
        await using var connector = server.Private.Connector(
            TestCertificates.ClientUser, null, ("sslmode", "require"), ("sslcert", certificates.ClientCertificate), ("sslkey", certificates.ClientKey));
        await using var connection = await connector.OpenAsync(Ct);
        Assert.Equal(TestCertificates.ClientUser, await connection.ScalarAsync("SELECT current_user::text", Ct));
    }

    [Fact]
    public async Task An_encrypted_key_needs_its_password()
    {
        var certificates = server.Private.Certificates;
        using var key = RSA.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(certificates.ClientKey, Ct));
        var path = Path.Combine(Directory.CreateTempSubdirectory("sluice-key-").FullName, "client.key");
        try
        {
            await File.WriteAllTextAsync(path, key.ExportEncryptedPkcs8PrivateKeyPem("the key's own", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)), Ct);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            (string Name, string Value)[] parameters = [("sslmode", "require"), ("sslcert", certificates.ClientCertificate), ("sslkey", path)];
            await using var connector = server.Private.Connector(TestCertificates.ClientUser, null, [.. parameters, ("sslpassword", "the key's own")]);
            await using var connection = await connector.OpenAsync(Ct);
            Assert.Equal(TestCertificates.ClientUser, await connection.ScalarAsync("SELECT current_user::text", Ct));

            await using var without = server.Private.Connector(TestCertificates.ClientUser, null, parameters);
            var error = await Assert.ThrowsAsync<TargetException>(() => without.OpenAsync(Ct));
            Assert.StartsWith($"The client certificate {certificates.ClientCertificate} with the key {path} cannot be used", error.Message, StringComparison.Ordinal);
            Assert.Equal("An encrypted key needs sslpassword", error.Hint);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public async Task Without_its_client_certificate_a_user_is_refused()
    {
        await using var connector = server.Private.Connector(TestCertificates.ClientUser, null, ("sslmode", "require"));
        var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
        Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TLSv1.2")]
    [InlineData("TLSv1.3")]
    public async Task The_oldest_protocol_can_be_named(string version) =>
        Assert.Equal("true", await EncryptedAsync("password_user", ("sslmode", "require"), ("ssl_min_protocol_version", version)));

    [Fact]
    public async Task A_server_without_tls_takes_prefer_and_refuses_require()
    {
        _ = server.Private;
        await using var plain = await PostgresInstance.StartAsync(Ct, tls: false);
        foreach (var mode in (string[])["disable", "allow", "prefer"])
        {
            await using var connector = plain.Connector("password_user", PostgresInstance.Password, ("sslmode", mode));
            await using var connection = await connector.OpenAsync(Ct);
            Assert.Equal("false", await connection.ScalarAsync(IsEncrypted, Ct));
        }

        foreach (var mode in (string[])["require", "verify-ca", "verify-full"])
        {
            await using var connector = plain.Connector("password_user", PostgresInstance.Password, ("sslmode", mode), ("sslrootcert", Authority));
            var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
            Assert.Contains($"the server does not offer TLS, and sslmode={mode} insists on it", error.Message, StringComparison.Ordinal);
        }
    }

    private async Task<string> EncryptedAsync(string user, params (string Name, string Value)[] parameters)
    {
        await using var connector = server.Private.Connector(user, PostgresInstance.Password, parameters);
        await using var connection = await connector.OpenAsync(Ct);
        return await connection.ScalarAsync(IsEncrypted, Ct);
    }

    private async Task<TargetException> RefusedAsync(string user, params (string Name, string Value)[] parameters)
    {
        await using var connector = server.Private.Connector(user, PostgresInstance.Password, parameters);
        var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
        Assert.DoesNotContain(PostgresInstance.Password, error.ToString(), StringComparison.Ordinal);
        return error;
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Logins over TLS.</summary>
public sealed class MySqlTlsTests(PostgresServer server, MySqlServer mysql)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accounts_that_insist_on_tls_log_in_over_it_and_authorities_are_checked_where_that_is_asked_for()
    {
        await mysql.InstanceAsync();
        using var folder = new LoadFolder();
        WriteCertificates(folder);
        await using var instance = await MySqlInstance.StartAsync(Ct, $"--ssl-cert={folder["server.pem"]}", $"--ssl-key={folder["server.key"]}");
        await using var source = new MySqlDatabase(instance, "vault");
        await source.CreateAsync(Ct);
        await source.ExecuteAsync("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2); CREATE USER safe@'127.0.0.1' IDENTIFIED BY 'S4fe-pass' REQUIRE SSL; GRANT ALL ON vault.* TO safe@'127.0.0.1'", Ct);
        await using var target = await server.CreateDatabaseAsync();
        Task<ProgramResult> LoadAsync(string parameters) => folder.RunAsync(["--with", "include drop", source.UriOf("safe", "S4fe-pass", parameters), target.Uri], Ct);

        (await LoadAsync("?sslmode=disable")).ExitsWith(1).Says("the server refuses user safe");
        (await LoadAsync("")).ExitsWith(0).Says("read 2 = loaded 2");
        (await LoadAsync("?sslmode=require")).ExitsWith(0).Says("read 2 = loaded 2");
        (await LoadAsync($"?sslmode=verify-full&sslrootcert={folder["authority.pem"]}")).ExitsWith(0).Says("read 2 = loaded 2");
        (await LoadAsync($"?sslmode=verify-full&sslrootcert={folder["stranger.pem"]}")).ExitsWith(1).Says("the TLS handshake failed").Says("name the authority with sslrootcert");
    }

    // One authority signs the server, the other nothing.
    private static void WriteCertificates(LoadFolder folder)
    {
        File.SetUnixFileMode(folder.Path, (UnixFileMode)Convert.ToInt32("755", 8));
        using var authority = Authority("Test Authority");
        using var stranger = Authority("Stranger");
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddDnsName("127.0.0.1");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3, 4]);
        folder.With("authority.pem", authority.ExportCertificatePem()).With("stranger.pem", stranger.ExportCertificatePem())
            .With("server.pem", certificate.ExportCertificatePem()).With("server.key", key.ExportRSAPrivateKeyPem());
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }
}

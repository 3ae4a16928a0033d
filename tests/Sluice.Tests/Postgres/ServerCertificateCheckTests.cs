using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Postgres;

namespace Sluice.Tests.Postgres;

public sealed class ServerCertificateCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_self_signed_certificate_may_be_its_own_root()
    {
        using var certificate = SelfSigned("CN=db.example", days: 10);
        Assert.Null(Problem(certificate, TlsMode.VerifyFull, "db.example"));
    }

    [Fact]
    public void A_certificate_that_has_run_out_is_refused()
    {
        using var certificate = SelfSigned("CN=db.example", days: -1);
        Assert.Contains("the server's certificate is valid from ", Problem(certificate, TlsMode.VerifyCa, "db.example"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CN=x", "db.example", "db.example", true)]
    [InlineData("CN=x", "*.example", "db.example", true)]
    [InlineData("CN=x", "*.example", "a.db.example", false)]
    [InlineData("CN=x", "*.example", "example", false)]
    [InlineData("CN=db.example", "other.example", "db.example", false)]
    [InlineData("CN=db.example", null, "DB.example", true)]
    [InlineData("CN=db.example", null, "db.example.org", false)]
    [InlineData("CN=x", "127.0.0.1", "127.0.0.1", true)]
    [InlineData("CN=x", "127.0.0.1", "127.0.0.2", false)]
    public void The_name_is_matched_for_verify_full(string subject, string? alternative, string host, bool expected)
    {
        using var certificate = SelfSigned(subject, days: 10, alternative);
        Assert.Equal(expected, Problem(certificate, TlsMode.VerifyFull, host) is null);
        Assert.Null(Problem(certificate, TlsMode.VerifyCa, host));
    }

    [Fact]
    public void Without_a_root_nothing_is_checked()
    {
        using var certificate = SelfSigned("CN=x", days: -1);
        Assert.Null(new ServerCertificateCheck(new() { Mode = TlsMode.Require }, "db.example").Problem(certificate, null));
    }

    [Fact]
    public void A_root_file_without_certificates_is_named()
    {
        var path = _folder.Write("root.crt", "nothing here");
        using var certificate = SelfSigned("CN=x", days: 10);
        Assert.Equal(
            $"the root certificate file {path} holds no certificate",
            new ServerCertificateCheck(new() { Mode = TlsMode.VerifyCa, RootCertificate = path }, "x").Problem(certificate, null));
    }

    [Fact]
    public void No_certificate_is_a_problem() =>
        Assert.Equal("the server sent no certificate", new ServerCertificateCheck(new(), "x").Problem(null, null));

    private string? Problem(X509Certificate2 certificate, TlsMode mode, string host)
    {
        var path = _folder.Write("root.crt", certificate.ExportCertificatePem());
        return new ServerCertificateCheck(new() { Mode = mode, RootCertificate = path }, host).Problem(certificate, null);
    }

    private static X509Certificate2 SelfSigned(string subject, int days, string? alternative = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (alternative is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            if (System.Net.IPAddress.TryParse(alternative, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(alternative);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(days));
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.ServerTests.Servers;

/// <summary>
/// A certificate authority of our own with a server certificate for <c>localhost</c> only (so 127.0.0.1 is a wrong name),
/// a client certificate for <see cref="ClientUser"/>, and a second authority that signed nothing. All PEM files.
/// </summary>
public sealed record TestCertificates(string Folder)
{
    public const string ClientUser = "cert_user";

    public string Authority => Path.Combine(Folder, "ca.crt");

    public string OtherAuthority => Path.Combine(Folder, "other-ca.crt");

    public string ServerCertificate => Path.Combine(Folder, "server.crt");

    public string ServerKey => Path.Combine(Folder, "server.key");

    public string ClientCertificate => Path.Combine(Folder, "client.crt");

    public string ClientKey => Path.Combine(Folder, "client.key");

    public static TestCertificates Create(string folder)
    {
        var files = new TestCertificates(folder);
        using var authority = NewAuthority("Sluice test authority");
        using var other = NewAuthority("Another test authority");
        File.WriteAllText(files.Authority, authority.ExportCertificatePem());
        File.WriteAllText(files.OtherAuthority, other.ExportCertificatePem());
        Issue(authority, "localhost", files.ServerCertificate, files.ServerKey, isServer: true);
        Issue(authority, ClientUser, files.ClientCertificate, files.ClientKey, isServer: false);
        return files;
    }

    private static X509Certificate2 NewAuthority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    private static void Issue(X509Certificate2 authority, string name, string certificatePath, string keyPath, bool isServer)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (isServer)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddHours(-12), DateTimeOffset.UtcNow.AddDays(20), RandomNumberGenerator.GetBytes(12));
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(keyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}

using System.Security.Cryptography.X509Certificates;

namespace Sluice.Postgres;

/// <summary>Checks a server's certificate as libpq does: the chain against the root file or the system, the name only for verify-full.</summary>
public sealed class ServerCertificateCheck(TlsSettings tls, string host)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Why the certificate cannot be trusted, or null when it can.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The root certificate file holds no certificate.</exception>
    public string? Problem(X509Certificate2? certificate, X509Chain? sent)
    {
        if (certificate is null)
        {
            return "the server sent no certificate";
        }

        if (tls.VerifiesChain && ChainProblem(certificate, sent) is { } problem)
        {
            return problem;
        }

        return tls.Mode != TlsMode.VerifyFull || certificate.MatchesHostname(host)
            ? null
            : $"the server's certificate is for {Names(certificate)}, not for {host}";
    }

    private string? ChainProblem(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ServerAuthentication));
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        foreach (var extra in sent?.ChainPolicy.ExtraStore ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(extra);
        }

        if (tls.RootCertificate is { } path)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(path);
            if (chain.ChainPolicy.CustomTrustStore.Count == 0)
            {
                return $"the root certificate file {path} holds no certificate";
            }
        }

        if (chain.Build(certificate))
        {
            return null;
        }

        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        var whom = tls.RootCertificate ?? "the operating system";
        if ((status & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            return $"the server's certificate is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u} only";
        }

        return (status & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0
            ? $"the server's certificate (of {certificate.Subject}, signed by {certificate.Issuer}) is not signed by an authority in {whom}"
            : $"the server's certificate is refused by the authorities in {whom}: {status}";
    }

    private static string Names(X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] names = extension is null ? [] : [.. extension.EnumerateDnsNames(), .. extension.EnumerateIPAddresses().Select(a => a.ToString())];
        return names.Length > 0 ? string.Join(", ", names) : certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
    }
}

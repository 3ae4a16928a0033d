using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>libpq's sslmode.</summary>
public enum TlsMode
{
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// <summary>How a connection is encrypted and whom it trusts. Paths are absolute or relative to the current folder.</summary>
public sealed record TlsSettings
{
    public TlsMode Mode { get; init; } = TlsMode.Prefer;

    /// <summary>Trust what the operating system trusts (sslrootcert=system).</summary>
    public bool TrustSystem { get; init; }

    /// <summary>A PEM file of authorities that exists, or null. When there is one, even <c>require</c> checks against it.</summary>
    public string? RootCertificate { get; init; }

    /// <summary>A PEM file that exists, or null.</summary>
    public string? ClientCertificate { get; init; }

    public string? ClientKey { get; init; }

    public Secret? ClientKeyPassword { get; init; }

    /// <summary>Start TLS without asking first (sslnegotiation=direct, PostgreSQL 17).</summary>
    public bool Direct { get; init; }

    /// <summary>Send the host's name in the handshake (sslsni).</summary>
    public bool SendServerName { get; init; } = true;

    /// <summary>The oldest protocol allowed, as libpq writes it: <c>TLSv1.2</c>.</summary>
    public string MinimumProtocol { get; init; } = "TLSv1.2";

    /// <summary>The server's certificate is checked against an authority.</summary>
    public bool VerifiesChain => TrustSystem || RootCertificate is not null;

    /// <summary>The mode as libpq spells it.</summary>
    public string ModeName => Mode switch
    {
        TlsMode.VerifyCa => "verify-ca",
        TlsMode.VerifyFull => "verify-full",
        _ => Mode.ToString().ToLowerInvariant(),
    };
}

using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>Reads the ssl* parameters with libpq's defaults: files in ~/.postgresql, prefer as mode, verify-full with the system's roots.</summary>
internal static class TlsResolver
{
    public static TlsSettings Resolve(ConnectionParameters parameters, ConnectionEnvironment environment, bool isUnixSocket, List<string> warnings)
    {
        var trustSystem = parameters.Text("sslrootcert") == "system";
        var mode = Mode(parameters, trustSystem);
        var minimum = parameters.Find("ssl_min_protocol_version") ?? new("TLSv1.2", "by default");
        if (minimum.Value is not ("TLSv1" or "TLSv1.1" or "TLSv1.2" or "TLSv1.3"))
        {
            throw new TargetException(
                $"ssl_min_protocol_version ({minimum.From}) is \"{Printable.Escape(minimum.Value)}\", expected TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3");
        }

        if (isUnixSocket || mode == TlsMode.Disable)
        {
            return new() { Mode = TlsMode.Disable };
        }

        var direct = parameters.Text("sslnegotiation") == "direct";
        if (direct && mode < TlsMode.Require)
        {
            throw new TargetException("sslnegotiation=direct needs sslmode=require, verify-ca or verify-full");
        }

        var (certificate, key) = ClientCertificate(parameters, environment);
        return new()
        {
            Mode = mode,
            TrustSystem = trustSystem,
            RootCertificate = trustSystem ? null : RootCertificate(parameters, environment, mode, warnings),
            ClientCertificate = certificate,
            ClientKey = key,
            ClientKeyPassword = parameters.Text("sslpassword") is { } password ? new Secret(password) : null,
            Direct = direct,
            SendServerName = parameters.Text("sslsni") != "0",
            MinimumProtocol = minimum.Value,
        };
    }

    private static TlsMode Mode(ConnectionParameters parameters, bool trustSystem)
    {
        var written = parameters.Choice<TlsMode>(
            "sslmode",
            ("disable", TlsMode.Disable), ("allow", TlsMode.Allow), ("prefer", TlsMode.Prefer),
            ("require", TlsMode.Require), ("verify-ca", TlsMode.VerifyCa), ("verify-full", TlsMode.VerifyFull));
        if (trustSystem)
        {
            return written is null or TlsMode.VerifyFull
                ? TlsMode.VerifyFull
                : throw new TargetException(
                    $"sslrootcert=system cannot be used with sslmode={parameters.Text("sslmode")}", "Use sslmode=verify-full: any host has a certificate the system trusts");
        }

        return written ?? (parameters.Text("requiressl") == "1" ? TlsMode.Require : TlsMode.Prefer);
    }

    private static string? RootCertificate(ConnectionParameters parameters, ConnectionEnvironment environment, TlsMode mode, List<string> warnings)
    {
        var written = parameters.Find("sslrootcert");
        var path = written?.Value ?? environment.InHome(".postgresql/root.crt");
        if (File.Exists(path))
        {
            return path;
        }

        if (mode >= TlsMode.VerifyCa)
        {
            throw new TargetException(
                $"The root certificate file {path} ({written?.From ?? "by default"}) does not exist; sslmode={parameters.Text("sslmode")} needs one",
                "Name it with sslrootcert, or use sslrootcert=system to trust what the operating system trusts");
        }

        if (written is not null)
        {
            warnings.Add($"The root certificate file {path} ({written.From}) does not exist: the server's certificate is not checked");
        }

        return null;
    }

    private static (string? Certificate, string? Key) ClientCertificate(ConnectionParameters parameters, ConnectionEnvironment environment)
    {
        var certificateMode = parameters.Choice<bool>("sslcertmode", ("disable", false), ("allow", true), ("require", true));
        if (certificateMode == false)
        {
            return (null, null);
        }

        var written = parameters.Find("sslcert");
        var certificate = written?.Value ?? environment.InHome(".postgresql/postgresql.crt");
        if (!File.Exists(certificate))
        {
            return written is null
                ? (null, null)
                : throw new TargetException($"The client certificate file {certificate} ({written.From}) does not exist");
        }

        var keyWritten = parameters.Find("sslkey");
        var key = keyWritten?.Value ?? environment.InHome(".postgresql/postgresql.key");
        if (!File.Exists(key))
        {
            throw new TargetException(
                $"The private key file {key} ({keyWritten?.From ?? "by default"}) for the client certificate {certificate} does not exist",
                "Name it with sslkey, or use sslcertmode=disable to connect without a certificate");
        }

        CheckKeyMode(key);
        return (certificate, key);
    }

    private static void CheckKeyMode(string key)
    {
        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        const UnixFileMode GroupBeyondRead = UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
        // libpq lets the group read a key only when root owns it; who owns it is not known here.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(key) & (Others | GroupBeyondRead)) != 0)
        {
            throw new TargetException($"The private key file {key} may be read or changed by others", $"Run: chmod 600 {key}");
        }
    }
}

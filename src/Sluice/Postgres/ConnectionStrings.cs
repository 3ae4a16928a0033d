using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>Turns settings into an Npgsql data source. Every source of defaults that Npgsql has of its own is closed here.</summary>
internal static class ConnectionStrings
{
    /// <param name="settings">Where and who.</param>
    /// <param name="encryption">Npgsql's mode; never one of its verifying ones: checking certificates is ours.</param>
    /// <param name="onPasswordAsked">Called when the server asks for a password.</param>
    /// <param name="onCertificateProblem">Called with the reason why the server's certificate is refused.</param>
    /// <exception cref="TargetException">The client certificate or its key cannot be read.</exception>
    public static NpgsqlDataSource DataSource(
        ConnectionSettings settings, SslMode encryption, Action onPasswordAsked, Action<string> onCertificateProblem)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(Builder(settings, encryption).ConnectionString);
        builder.EnableIntegratedSecurity();
        builder.EnableArrays();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        builder.UsePasswordProvider(
            _ => throw new NotSupportedException("connections are opened asynchronously"),
            (_, _) =>
            {
                onPasswordAsked();
                return ValueTask.FromResult(settings.Password?.Value.Reveal() ?? "");
            });
        if (encryption != SslMode.Disable)
        {
            Secure(builder, settings, onCertificateProblem);
        }

        return builder.Build();
    }

    private static NpgsqlConnectionStringBuilder Builder(ConnectionSettings settings, SslMode encryption) => new()
    {
        Host = settings.HostAddress ?? settings.Host.Value,
        Port = settings.Port.Value,
        Username = settings.User.Value,
        Database = settings.Database.Value,
        SslMode = encryption,
        SslNegotiation = settings.Tls.Direct ? SslNegotiation.Direct : SslNegotiation.Postgres,
        GssEncryptionMode = settings.GssEncryption switch
        {
            "require" => GssEncryptionMode.Require,
            "prefer" => GssEncryptionMode.Prefer,
            _ => GssEncryptionMode.Disable,
        },
        KerberosServiceName = settings.KerberosService ?? "postgres",
        ChannelBinding = settings.ChannelBinding switch
        {
            "require" => ChannelBinding.Require,
            "disable" => ChannelBinding.Disable,
            _ => ChannelBinding.Prefer,
        },
        RequireAuth = settings.RequireAuthentication,
        ApplicationName = settings.ApplicationName,
        Options = settings.ServerOptions,
        Timezone = settings.TimeZone,
        ClientEncoding = "UTF8",
        Timeout = (int)settings.ConnectTimeout.TotalSeconds,
        CommandTimeout = 0,
        TcpKeepAlive = settings.KeepAlive && !settings.IsUnixSocket,
        TcpKeepAliveTime = settings.KeepAlive && !settings.IsUnixSocket ? settings.KeepAliveIdle : 0,
        TcpKeepAliveInterval = settings.KeepAlive && !settings.IsUnixSocket ? settings.KeepAliveInterval : 0,
        Pooling = false,
        Enlist = false,
        IncludeErrorDetail = true,
        NoResetOnClose = true,
        WriteBufferSize = 32 << 10,
        ReadBufferSize = 64 << 10,
    };

    private static void Secure(NpgsqlSlimDataSourceBuilder builder, ConnectionSettings settings, Action<string> onCertificateProblem)
    {
        builder.EnableTransportSecurity();
        var tls = settings.Tls;
        var check = new ServerCertificateCheck(tls, settings.Host.Value);
        var context = ClientCertificate(tls);
        builder.UseSslClientAuthenticationOptionsCallback(options =>
        {
            options.TargetHost = tls.SendServerName && !IPAddress.TryParse(settings.Host.Value, out _) ? settings.Host.Value : "";
            // Npgsql has looked for a certificate in the environment and the home folder; what to send was decided before.
            options.ClientCertificates = null;
            options.ClientCertificateContext = context;
            options.EnabledSslProtocols = Protocols(tls.MinimumProtocol);
            options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
            options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                var problem = Problem(check, certificate as X509Certificate2, chain);
                if (problem is not null)
                {
                    onCertificateProblem(problem);
                }

                return problem is null;
            };
        });
    }

    private static string? Problem(ServerCertificateCheck check, X509Certificate2? certificate, X509Chain? chain)
    {
        try
        {
            return check.Problem(certificate, chain);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"the root certificate file cannot be read: {e.Message}";
        }
    }

    private static SslStreamCertificateContext? ClientCertificate(TlsSettings tls)
    {
        if (tls.ClientCertificate is not { } path)
        {
            return null;
        }

        try
        {
            var certificate = tls.ClientKeyPassword is { } password
                ? X509Certificate2.CreateFromEncryptedPemFile(path, password.Reveal(), tls.ClientKey)
                : X509Certificate2.CreateFromPemFile(path, tls.ClientKey);
            var others = new X509Certificate2Collection();
            others.ImportFromPemFile(path);
            return SslStreamCertificateContext.Create(certificate, others, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TargetException(
                $"The client certificate {path} with the key {tls.ClientKey} cannot be used: {e.Message}",
                tls.ClientKeyPassword is null ? "An encrypted key needs sslpassword" : "Check sslpassword", e);
        }
    }

    private static SslProtocols Protocols(string minimum) => minimum == "TLSv1.3" ? SslProtocols.Tls13
#pragma warning disable SYSLIB0039, CA5397 // asked for by the user, for a server that knows no better
        : minimum == "TLSv1.1" ? SslProtocols.Tls13 | SslProtocols.Tls12 | SslProtocols.Tls11
        : minimum == "TLSv1" ? SslProtocols.Tls13 | SslProtocols.Tls12 | SslProtocols.Tls11 | SslProtocols.Tls
#pragma warning restore SYSLIB0039, CA5397
        : SslProtocols.Tls13 | SslProtocols.Tls12;
}

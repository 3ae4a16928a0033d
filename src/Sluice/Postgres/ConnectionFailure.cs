using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>Says why a connection could not be opened: who, where, where the password came from, and what to do. Never the password.</summary>
internal static class ConnectionFailure
{
    /// <param name="settings">Where and who.</param>
    /// <param name="error">What Npgsql threw.</param>
    /// <param name="passwordAsked">The server asked for a password.</param>
    /// <param name="certificateProblem">Why the server's certificate was refused, or null.</param>
    public static TargetException Explain(
        ConnectionSettings settings, Exception error, bool passwordAsked, string? certificateProblem)
    {
        var (problem, hint) = certificateProblem is not null
            ? (certificateProblem, CertificateHint(settings))
            : error is PostgresException refused
                ? Refused(settings, refused)
                : Transport(settings, error, passwordAsked);
        return new TargetException(
            $"Cannot connect to {settings.ServerKind} at {settings.Place} ({settings.Host.From}) as user {Identifier(settings.User.Value)} ({settings.User.From}), "
            + $"database {Identifier(settings.Database.Value)} ({settings.Database.From}): {problem}",
            hint,
            error);
    }

    /// <summary>For messages: where the password came from.</summary>
    public static string PasswordOrigin(ConnectionSettings settings) =>
        settings.Password is { } password ? $"the password was taken {password.From}" : "no password was given";

    private static (string Problem, string? Hint) Refused(ConnectionSettings settings, PostgresException error) => error.SqlState switch
    {
        SqlStates.InvalidPassword => (
            $"{error.MessageText}; {PasswordOrigin(settings)}",
            "Check the user and the password; a password in the URI wins over PGPASSWORD, which wins over the password file"),
        SqlStates.InvalidAuthorization => (
            $"{error.MessageText}; sslmode={settings.Tls.ModeName}, {PasswordOrigin(settings)}",
            "The server's pg_hba.conf says who may connect from where, by which method and whether TLS is needed"),
        SqlStates.UnknownDatabase => (error.MessageText, $"Create it first (createdb {Identifier(settings.Database.Value)}), or check the name"),
        SqlStates.TooManyConnections or SqlStates.ConfigurationLimitExceeded => (
            error.MessageText, "Wait for other sessions to end, raise max_connections or the role's limit, or use fewer workers"),
        SqlStates.CannotConnectNow => (error.MessageText, "The server is starting or stopping: try again in a moment"),
        SqlStates.InsufficientPrivilege => (error.MessageText, $"Grant it: GRANT CONNECT ON DATABASE {Identifier(settings.Database.Value)} TO {Identifier(settings.User.Value)}"),
        _ => ($"{error.MessageText} (SQLSTATE {error.SqlState})", error.Hint),
    };

    private static (string Problem, string? Hint) Transport(ConnectionSettings settings, Exception error, bool passwordAsked)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case SocketException socket:
                    return Socket(settings, socket);
                case AuthenticationException:
                    return ($"the TLS handshake failed: {inner.InnerException?.Message ?? inner.Message}", "Check sslcert, sslkey and ssl_min_protocol_version against the server");
                case TimeoutException:
                    return (
                        $"no answer within {settings.ConnectTimeout.TotalSeconds:0} s",
                        "Is the address right, and does a firewall drop the packets? connect_timeout sets the patience in seconds");
                case NotSupportedException when inner.Message.Contains("uthentication method", StringComparison.Ordinal):
                    return (
                        $"the server asks for a way to log in that this program does not know ({inner.Message})",
                        "Type 13 means that the password is stored as a SHA-256 digest: set it anew in clear text or as MD5 (ALTER USER … PASSWORD '…'), "
                        + "or log in with temporary credentials");
                case EndOfStreamException or IOException:
                    return ("the server closed the connection", $"Is it a {settings.ServerKind} server that listens there? Its log may say more");
            }
        }

        if (passwordAsked && (settings.Password is null || settings.Password.Value.Reveal().Length == 0))
        {
            return (
                $"the server asks for a password, and {(settings.Password is null ? "none was given" : $"the one {settings.Password.From} is empty")}",
                "Put it into ~/.pgpass (mode 0600), PGPASSWORD, or the URI");
        }

        return !passwordAsked && settings.Tls.Mode >= TlsMode.Require
            ? ($"the server does not offer TLS, and sslmode={settings.Tls.ModeName} insists on it", "Turn on ssl on the server, or use sslmode=prefer")
            : (error.Message, null);
    }

    private static (string Problem, string? Hint) Socket(ConnectionSettings settings, SocketException error) => error.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable or SocketError.ConnectionRefused or SocketError.AddressAlreadyInUse when settings.IsUnixSocket => (
            $"no server listens on the socket {settings.Place} ({error.Message})",
            "Is the server running, and is the port right? Name a host to connect over TCP/IP"),
        SocketError.ConnectionRefused => (
            "connection refused", "Is the server running there, on that port, and does it accept TCP/IP connections (listen_addresses)?"),
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => (
            $"the host name {Printable.Escape(settings.Host.Value)} cannot be resolved ({error.Message})", "Check the host's name"),
        SocketError.TimedOut => ("no answer", "Is the address right, and does a firewall drop the packets?"),
        SocketError.ConnectionReset => ("the server closed the connection", $"Is it a {settings.ServerKind} server that listens there? Its log may say more"),
        _ => (error.Message, null),
    };

    private static string CertificateHint(ConnectionSettings settings) => settings.Tls.Mode switch
    {
        TlsMode.VerifyFull => "Name the authority with sslrootcert and the host as in the certificate; sslmode=verify-ca does not check the name",
        TlsMode.VerifyCa => "Name the authority that signed it with sslrootcert",
        _ => $"sslmode={settings.Tls.ModeName} checks the certificate because {settings.Tls.RootCertificate} exists; name the right authority with sslrootcert",
    };

    private static string Identifier(string name) => Catalog.Identifier.Display(Printable.Escape(name));
}

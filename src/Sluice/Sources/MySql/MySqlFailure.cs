using System.Net;
using System.Net.Sockets;
using MySqlConnector;
using Sluice.Diagnostics;

namespace Sluice.Sources.MySql;

/// <summary>Says what went wrong on the way to a server or on it, in words for a user and never with a secret.</summary>
internal static class MySqlFailure
{
    /// <summary>The connection is gone, not just the statement refused.</summary>
    public static bool IsConnectionLost(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException!)
        {
            if (inner is IOException or SocketException or EndOfStreamException or ObjectDisposedException)
            {
                return true;
            }

            if (inner is MySqlException { ErrorCode: var code } && code is MySqlErrorCode.ServerShutdown or MySqlErrorCode.NormalShutdown or MySqlErrorCode.AbortingConnection
                or MySqlErrorCode.NewAbortingConnection or MySqlErrorCode.ClientInteractionTimeout || (int)Code(inner) is 1927 or 2006 or 2013)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The driver only says that it could not connect: another try shows why.</summary>
    public static async Task<Exception> FindCauseAsync(MySqlSettings settings, Exception e, CancellationToken ct)
    {
        if (Code(e) != MySqlErrorCode.UnableToConnectToHost || Find<SocketException>(e) is not null || Find<System.Security.Authentication.AuthenticationException>(e) is not null)
        {
            return e;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(settings.ConnectTimeout);
        try
        {
            EndPoint place = settings.Socket is { } path ? new UnixDomainSocketEndPoint(path) : new DnsEndPoint(settings.Host, settings.Port);
            using var socket = settings.Socket is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(place, limit.Token).ConfigureAwait(false);
            return e;
        }
        catch (SocketException cause)
        {
            return cause;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new SocketException((int)SocketError.TimedOut);
        }
    }

    /// <summary>No session came about.</summary>
    public static SourceException OfConnecting(MySqlSettings settings, MySqlLoginListener listener, Exception e)
    {
        var (problem, hint) = Explain(settings, listener.Plugin, e);
        return new SourceException($"The source {Printable.Escape(settings.ToString())}: {problem}", hint, e);
    }

    /// <summary>A statement failed, or the connection while it ran.</summary>
    public static SourceException OfReading(MySqlSettings settings, string doing, Exception e) => new(
        $"The source {Printable.Escape(settings.ToString())}, {doing}: {Printable.Escape(Message(e))}",
        Code(e) switch
        {
            MySqlErrorCode.TableAccessDenied or MySqlErrorCode.ColumnAccessDenied or MySqlErrorCode.DatabaseAccessDenied => "grant the user SELECT, or leave the table out with EXCLUDING TABLE NAMES",
            MySqlErrorCode.NoSuchTable or MySqlErrorCode.BadFieldError or (MySqlErrorCode)1412 => "it was dropped or altered while it was read: load again",
            MySqlErrorCode.PacketTooLarge or (MySqlErrorCode)1301 => "raise max_allowed_packet on the server",
            _ when IsConnectionLost(e) => "the connection, and with it the point in time, is gone: load again",
            _ => null,
        },
        e);

    private static (string Problem, string? Hint) Explain(MySqlSettings settings, string? plugin, Exception e)
    {
        var user = Printable.Escape(settings.User);
        var login = plugin is null ? "" : $" (authentication plugin {Printable.Escape(plugin)})";
        if (Find<System.Security.Authentication.AuthenticationException>(e) is { } tls)
        {
            return ($"the TLS handshake failed: {Printable.Escape(tls.Message)}",
                settings.SslMode is "verify-ca" or "verify-full" ? "name the authority with sslrootcert; sslmode=require takes any certificate" : "sslmode=disable goes without TLS");
        }

        if (Find<SocketException>(e) is { } socket)
        {
            return socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => ("connection refused", "is the server running there, on that port, and does it listen on that address (bind_address, skip_networking)?"),
                SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => ($"the host name {Printable.Escape(settings.Host)} cannot be resolved", "check the host's name"),
                _ => (Printable.Escape(socket.Message), settings.Socket is null ? "is the address right?" : "is the server running, and is that its socket?"),
            };
        }

        return Code(e) switch
        {
            MySqlErrorCode.AccessDenied or (MySqlErrorCode)1698 => (
                $"the server refuses user {user}{login}: {Printable.Escape(Message(e))}; the password "
                    + (settings.Password is null ? "was given nowhere" : $"was taken {settings.PasswordFrom}"),
                "an account is a user and a host it may come from: SELECT user, host, plugin FROM mysql.user shows them; a password can stand in the URI, in ~/.my.cnf or in MYSQL_PWD"),
            MySqlErrorCode.DatabaseAccessDenied => ($"user {user} may not use the database {Printable.Escape(settings.Database)}", $"GRANT SELECT, SHOW VIEW ON {MySqlNames.Quote(Printable.Escape(settings.Database))}.* TO that user"),
            MySqlErrorCode.UnknownDatabase => ($"there is no database {Printable.Escape(settings.Database)}", "names of databases tell upper and lower case apart on most servers"),
            MySqlErrorCode.UnableToConnectToHost when Message(e).Contains("SSL", StringComparison.Ordinal) => Tls(settings, e),
            _ when Message(e).Contains("does not support SSL", StringComparison.OrdinalIgnoreCase) => Tls(settings, e),
            _ when e is NotSupportedException || Message(e).Contains("uthentication method", StringComparison.Ordinal) => (
                $"user {user}{login} logs in by a way that this program does not know: {Printable.Escape(Message(e))}", "give the account another plugin: ALTER USER … IDENTIFIED WITH caching_sha2_password (MySQL), mysql_native_password (MariaDB)"),
            _ => (Printable.Escape(Message(e)), null),
        };
    }

    private static (string Problem, string? Hint) Tls(MySqlSettings settings, Exception e) =>
        ($"the server does not offer TLS, and sslmode={settings.SslMode} insists on it ({Printable.Escape(Message(e))})", "turn on TLS on the server, or use sslmode=prefer");

    private static T? Find<T>(Exception e)
        where T : Exception
    {
        for (var inner = e; inner is not null; inner = inner.InnerException!)
        {
            if (inner is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static string Message(Exception e) => Find<MySqlException>(e) is { } error && error.Number > 0 ? $"{error.Message} (error {error.Number})" : e.Message;

    private static MySqlErrorCode Code(Exception e) => Find<MySqlException>(e)?.ErrorCode ?? MySqlErrorCode.None;
}

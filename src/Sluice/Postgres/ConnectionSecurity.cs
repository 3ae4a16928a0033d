using System.Net;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Sluice.Postgres;

/// <summary>Whether a connection that is open goes through TLS: with sslmode=prefer only the connection itself knows.</summary>
internal static class ConnectionSecurity
{
    public static bool IsEncrypted(NpgsqlConnection connection) => IsSslEncrypted(connection);

    /// <summary>Whether a statement may hold keys: others cannot read it on its way, or the user said that the network is their own.</summary>
    public static bool MayCarryKeys(NpgsqlConnection connection, ConnectionSettings settings) =>
        IsEncrypted(connection) || settings.Tls.Mode == TlsMode.Disable || settings.IsUnixSocket || IsLoopback(settings);

    private static bool IsLoopback(ConnectionSettings settings)
    {
        var host = settings.HostAddress ?? settings.Host.Value;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    // Npgsql 10 knows it and keeps it to itself; a test with and without TLS says when that changes.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsSslEncrypted")]
    private static extern bool IsSslEncrypted(NpgsqlConnection connection);
}

using System.Runtime.CompilerServices;
using Npgsql;

namespace Sluice.Postgres;

/// <summary>Whether a connection that is open goes through TLS: with sslmode=prefer only the connection itself knows.</summary>
internal static class ConnectionSecurity
{
    public static bool IsEncrypted(NpgsqlConnection connection) => IsSslEncrypted(connection);

    // Npgsql 10 knows it and keeps it to itself; a test with and without TLS says when that changes.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsSslEncrypted")]
    private static extern bool IsSslEncrypted(NpgsqlConnection connection);
}

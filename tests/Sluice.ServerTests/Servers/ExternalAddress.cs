using System.Globalization;
using Npgsql;

namespace Sluice.ServerTests.Servers;

/// <summary>Reads SLUICE_TEST_POSTGRES: a URI, or space-separated libpq keywords.</summary>
internal static class ExternalAddress
{
    public static NpgsqlConnectionStringBuilder Parse(string address)
    {
        var result = new NpgsqlConnectionStringBuilder { Pooling = false, IncludeErrorDetail = true, Host = "127.0.0.1", Username = "postgres" };
        if (address.Contains("://", StringComparison.Ordinal))
        {
            var uri = new Uri(address);
            var user = uri.UserInfo.Split(':', 2);
            result.Host = uri.Host.Length > 0 ? uri.Host : result.Host;
            result.Port = uri.Port > 0 ? uri.Port : 5432;
            result.Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : result.Username;
            result.Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null;
            return result;
        }

        foreach (var pair in address.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            switch (pair[0])
            {
                case "host":
                    result.Host = pair[1];
                    break;
                case "port":
                    result.Port = int.Parse(pair[1], CultureInfo.InvariantCulture);
                    break;
                case "user":
                    result.Username = pair[1];
                    break;
                case "password":
                    result.Password = pair[1];
                    break;
                case "dbname":
                    break;
                default:
                    throw new InvalidOperationException($"SLUICE_TEST_POSTGRES: {pair[0]} is not understood");
            }
        }

        return result;
    }
}

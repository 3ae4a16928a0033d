using Npgsql;
using Sluice.Diagnostics;

namespace Sluice.Targets.Postgres;

/// <summary>What a server or the driver said, for a user: message, detail and code in one line.</summary>
internal static class ServerText
{
    public static string Describe(Exception error)
    {
        if (error is not PostgresException refused)
        {
            return Printable.Escape(error.InnerException is { } inner && error is NpgsqlException ? $"{error.Message}: {inner.Message}" : error.Message);
        }

        var detail = refused.Detail is { Length: > 0 } text ? $" ({Printable.Escape(text)})" : "";
        return $"{Printable.Escape(refused.MessageText)}{detail} [{refused.SqlState}]";
    }

    public static string? Hint(Exception error) => (error as PostgresException)?.Hint is { Length: > 0 } hint ? Printable.Escape(hint) : null;
}

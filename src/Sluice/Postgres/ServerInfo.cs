using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>Facts about a server and the session that asked.</summary>
public sealed partial record ServerInfo
{
    /// <summary>server_version_num: 150004, 90624.</summary>
    public required int Version { get; init; }

    /// <summary>The session's TimeZone setting.</summary>
    public required string TimeZone { get; init; }

    public required bool IsStandby { get; init; }

    public required bool IsReadOnly { get; init; }

    /// <summary>The session's setting. When it is off, a crash of the server may lose what was committed.</summary>
    public required string SynchronousCommit { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>Differs after a crash of a backend, which resets all sessions but keeps <see cref="Started"/>; null where unknown.</summary>
    public DateTimeOffset? StatisticsReset { get; init; }

    /// <summary>CURRENT_USER.</summary>
    public required string Role { get; init; }

    public required bool IsSuperuser { get; init; }

    /// <summary>The database has the extension Citus: its tables can be spread over a cluster.</summary>
    public bool HasCitus { get; init; }

    /// <summary>The offset from UTC when the session's zone has the same one at all times, else null.</summary>
    public TimeSpan? FixedZoneOffset => FixedOffset(TimeZone);

    public static async Task<ServerInfo> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(SqlText.Read("server_info.sql"), connection);
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        await reader.ReadAsync(ct).ConfigureAwait(false);
        return new ServerInfo
        {
            Version = reader.GetInt32(0),
            TimeZone = reader.GetString(1),
            IsStandby = reader.GetBoolean(2),
            IsReadOnly = reader.GetBoolean(3),
            SynchronousCommit = reader.GetString(4),
            Started = reader.GetFieldValue<DateTimeOffset>(5),
            StatisticsReset = reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
            Role = reader.GetString(7),
            IsSuperuser = reader.GetBoolean(8),
            HasCitus = reader.GetBoolean(9),
        };
    }

    /// <exception cref="TargetException">The server takes no writes.</exception>
    public void EnsureWritable(ConnectionSettings settings)
    {
        if (IsStandby)
        {
            throw new TargetException($"The server at {settings.Place} is a standby: it takes no writes", "Load into its primary");
        }

        if (IsReadOnly)
        {
            throw new TargetException(
                $"Sessions of role {Role} on {settings.Place} are read-only (default_transaction_read_only is on)",
                "Add SET default_transaction_read_only to 'off', or change the role's or the database's setting");
        }
    }

    /// <summary>Zones with rules, even those that look fixed today, give null.</summary>
    internal static TimeSpan? FixedOffset(string zone)
    {
        if (zone is "UTC" or "Etc/UTC" or "GMT" or "Etc/GMT" or "UCT" or "Etc/UCT" or "Universal" or "Etc/Universal" or "Zulu" or "Etc/Zulu"
            or "Etc/GMT0" or "Etc/GMT-0" or "Etc/GMT+0" or "Greenwich" or "Etc/Greenwich" or "GMT0")
        {
            return TimeSpan.Zero;
        }

        // POSIX counts west of Greenwich as positive: <+02>-02, Etc/GMT-2.
        var match = Posix().Match(zone);
        if (!match.Success)
        {
            return null;
        }

        var offset = new TimeSpan(Number(match.Groups["h"]), Number(match.Groups["m"]), Number(match.Groups["s"]));
        return match.Groups["sign"].Value == "-" ? offset : -offset;
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?:Etc/GMT(?=[+-]\d{1,2}$)|<[+-]\d+(?::\d+)*>)(?<sign>[+-]?)(?<h>\d{1,2})(?::(?<m>\d\d)(?::(?<s>\d\d))?)?$")]
    private static partial Regex Posix();
}

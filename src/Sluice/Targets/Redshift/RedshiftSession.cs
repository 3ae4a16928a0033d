using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Npgsql;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <summary>Makes sessions ready on Redshift: plain SET, and what it does not know becomes a notice. Thread-safe.</summary>
internal sealed partial class RedshiftSession(ConnectionSettings connection)
{
    private const string UndefinedParameter = "42704";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);

    /// <summary>A notice for each parameter that has no effect.</summary>
    public ImmutableArray<string> Notices
    {
        get
        {
            lock (_gate)
            {
                return [.. _refused.Values];
            }
        }
    }

    public static bool Recognizes(string version) => version.Contains("Redshift", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="TargetException">A value makes no sense to the server, or a standby is asked for.</exception>
    public async Task PrepareAsync(NpgsqlConnection session, ImmutableArray<Setting> settings, CancellationToken ct)
    {
        if (connection.TargetSession is TargetSession.ReadOnly or TargetSession.Standby)
        {
            throw new TargetException(
                $"The server at {connection.Place} is Redshift, which takes writes, but target_session_attrs asks for one that does not");
        }

        foreach (var setting in settings)
        {
            await SetAsync(session, setting, ct).ConfigureAwait(false);
        }
    }

    /// <summary>A list of names is written as one: <c>search_path to 'a, b'</c> names two schemas.</summary>
    internal static string Sql(Setting setting) => setting.Name.Equals("search_path", StringComparison.OrdinalIgnoreCase)
        ? $"SET search_path TO {string.Join(", ", Item().Matches(setting.Value).Select(item => Name(item.Value.Trim())))}"
        : $"SET {setting.Name} TO {RedshiftSql.Literal(setting.Value)}";

    private static string Name(string item) => item.StartsWith('"') ? item : Identifier.Quote(item);

    private async Task SetAsync(NpgsqlConnection session, Setting setting, CancellationToken ct)
    {
        var said = $"SET {Printable.Escape(setting.Name)} to {Identifier.Literal(Printable.Escape(setting.Value))}";
        if (!ParameterName().IsMatch(setting.Name))
        {
            throw new TargetException($"{said}: this is no parameter's name");
        }

        try
        {
            using var command = new NpgsqlCommand(Sql(setting), session);
            await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState is UndefinedParameter or SqlStates.InsufficientPrivilege)
        {
            lock (_gate)
            {
                _refused[setting.Name] = $"{SecretMask.RedactSql(said, said)} has no effect: Redshift does not know this parameter, or does not let it be set";
            }
        }
        catch (PostgresException e)
        {
            throw new TargetException($"The server refuses {SecretMask.RedactSql($"{said}: {Printable.Escape(e.MessageText)}", said)}", e.Hint);
        }
    }

    [GeneratedRegex("""(?:"(?:[^"]|"")*"|[^,])+""")]
    private static partial Regex Item();

    [GeneratedRegex(@"^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$")]
    private static partial Regex ParameterName();
}

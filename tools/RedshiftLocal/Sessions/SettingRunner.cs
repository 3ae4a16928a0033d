using System.Globalization;
using RedshiftLocal.Backing;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Sessions;

/// <summary>
/// SET, RESET and SHOW. Values live in the private PostgreSQL, those it does not know itself under a prefix of their own, so that they
/// follow transactions as they should.
/// </summary>
internal sealed class SettingRunner(SessionState state)
{
    private const string Prefix = "redshift_local.";
    private const string CaseSensitiveIdentifier = "enable_case_sensitive_identifier";

    public static void WriteColumns(WireWriter writer, Setting show)
    {
        if (show.Name == "all")
        {
            ResultRelay.WriteColumns(writer, "name", "setting");
        }
        else
        {
            ResultRelay.WriteColumns(writer, show.Name);
        }
    }

    public async Task RunAsync(Setting setting, bool describe, CancellationToken ct)
    {
        switch (setting.Verb)
        {
            case SettingVerb.Show:
                await ShowAsync(setting, describe, ct);
                break;
            case SettingVerb.Reset when setting.Name == "all":
                foreach (var definition in SettingTable.All)
                {
                    await SetAsync(definition.Name, null, local: false, ct);
                }

                break;
            default:
                await SetAsync(setting.Name, setting.Value, setting.Local, ct);
                break;
        }

        state.WriteComplete(setting.Verb switch
        {
            SettingVerb.Show => "SHOW",
            SettingVerb.Reset => "RESET",
            _ => "SET",
        });
    }

    /// <summary>Sets a value, or the default when it is null.</summary>
    public async Task SetAsync(string name, string? value, bool local, CancellationToken ct)
    {
        if (name.Contains('.', StringComparison.Ordinal) && !name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            await StoreAsync(name, value ?? "", local, ct);
            return;
        }

        if (name is "role" or "session_authorization")
        {
            await SetRoleAsync(value, local, ct);
            return;
        }

        var definition = SettingTable.Find(name) ?? throw (SettingTable.IsSystem(name)
            ? new ServerException("42501", $"permission denied to set parameter \"{name}\" to \"{value}\"")
            : Unrecognized(name));
        var shown = definition.Normalize(value ?? DefaultOf(definition))
            ?? throw new ServerException("22023", $"invalid value for parameter \"{name}\": \"{value}\"");
        switch (name)
        {
            case "search_path":
                await StoreAsync("search_path", RealPath(shown), local, ct);
                await StoreAsync(Prefix + name, shown, local, ct);
                break;
            case "client_encoding":
                if (shown.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() is not ("UTF8" or "UNICODE"))
                {
                    throw new ServerException("22023", $"invalid value for parameter \"client_encoding\": \"{value}\"");
                }

                break;
            case CaseSensitiveIdentifier:
                await StoreAsync(Prefix + name, shown, local, ct);
                state.CaseSensitive = shown == "on";
                break;
            default:
                await StoreAsync(definition.IsBacked ? name : Prefix + name, shown, local, ct);
                break;
        }
    }

    /// <summary>After a transaction ended, values that the session keeps a copy of are as they were before it if it was rolled back.</summary>
    public async Task RestoreAsync(CancellationToken ct)
    {
        var value = await state.Pipeline.RunInternalAsync($"select current_setting('{Prefix}{CaseSensitiveIdentifier}', true)", ct);
        await state.Pipeline.SyncAsync(ct);
        state.CaseSensitive = string.IsNullOrEmpty(value) ? state.Context.Options.CaseSensitive : value == "on";
    }

    /// <summary>The session's statement_timeout; zero is none.</summary>
    public async Task<TimeSpan> StatementTimeoutAsync(CancellationToken ct)
    {
        var text = await state.Pipeline.RunInternalAsync("select pg_catalog.current_setting('statement_timeout')", ct) ?? "0";
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var number = long.Parse(digits < 0 ? text : text[..digits], CultureInfo.InvariantCulture);
        return digits < 0 ? TimeSpan.FromMilliseconds(number) : text[digits..] switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "min" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" => TimeSpan.FromDays(number),
            _ => TimeSpan.FromMilliseconds(number),
        };
    }

    private async Task ShowAsync(Setting setting, bool describe, CancellationToken ct)
    {
        if (setting.Name == "all")
        {
            if (describe)
            {
                WriteColumns(state.Writer, setting);
            }

            foreach (var definition in SettingTable.All)
            {
                ResultRelay.WriteRow(state.Writer, definition.Name, await ReadAsync(definition.Name, ct));
            }

            return;
        }

        var value = await ReadAsync(setting.Name, ct);
        if (describe)
        {
            WriteColumns(state.Writer, setting);
        }

        ResultRelay.WriteRow(state.Writer, value);
    }

    private async Task<string> ReadAsync(string name, CancellationToken ct)
    {
        if (SettingTable.IsHidden(name))
        {
            throw new ServerException("42501", $"must be superuser to examine \"{name}\"");
        }

        if (name.Contains('.', StringComparison.Ordinal) && !name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return await state.Pipeline.RunInternalAsync($"select current_setting({SqlText.Literal(name)}, true)", ct) ?? throw Unrecognized(name);
        }

        switch (name)
        {
            case "server_encoding":
                return "UNICODE";
            case "integer_datetimes":
                return "on";
            case "transaction_isolation":
                return "serializable";
            case "max_connections":
                return state.Context.Options.MaxConnections.ToString(CultureInfo.InvariantCulture);
            case "lc_messages" or "lc_monetary" or "lc_numeric" or "lc_time" or "lc_collate" or "lc_ctype":
                return "C";
        }

        var definition = SettingTable.Find(name) ?? throw Unrecognized(name);
        var backed = definition.IsBacked ? name : Prefix + name;
        var value = await state.Pipeline.RunInternalAsync($"select current_setting({SqlText.Literal(backed)}, true)", ct);
        if (name == "statement_timeout")
        {
            return ((int)(await StatementTimeoutAsync(ct)).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        return string.IsNullOrEmpty(value) ? DefaultOf(definition) : value;
    }

    /// <summary>The private PostgreSQL lets nobody but its superuser change the session's user, so both are a change of role.</summary>
    private Task<string?> SetRoleAsync(string? value, bool local, CancellationToken ct) => state.Pipeline.RunInternalAsync(
        value is null or "none" ? "reset role" : $"set {(local ? "local " : "")}role {SqlText.Name(value)}", ct);

    private Task<string?> StoreAsync(string name, string value, bool local, CancellationToken ct) => state.Pipeline.RunInternalAsync(
        $"select pg_catalog.set_config({SqlText.Literal(name)}, {SqlText.Literal(value)}, {(local ? "true" : "false")})", ct);

    /// <summary>The catalog that clients see comes behind their own schemas, since the first one is where tables are made, and before PostgreSQL's.</summary>
    private static string RealPath(string path) => (string.IsNullOrWhiteSpace(path) ? "" : path + ", ") + "rs_catalog, pg_catalog";

    private string DefaultOf(SettingDefinition definition) =>
        definition.Name == CaseSensitiveIdentifier && state.Context.Options.CaseSensitive ? "on" : definition.Default;

    private static ServerException Unrecognized(string name) => new("42704", $"unrecognized configuration parameter \"{name}\"");
}

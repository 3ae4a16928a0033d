using System.Collections.Frozen;
using System.Globalization;

namespace RedshiftLocal.Sessions;

/// <summary>The settings that a session may see or change, and those it may not.</summary>
internal static class SettingTable
{
    private static readonly FrozenDictionary<string, SettingDefinition> Known = new SettingDefinition[]
    {
        new("analyze_threshold_percent", "10"),
        new("application_name", "unset") { IsBacked = true },
        new("client_encoding", "UTF8") { IsBacked = true },
        new("datestyle", "ISO, MDY") { IsBacked = true },
        new("describe_field_name_in_uppercase", "off") { IsBoolean = true },
        new("downcase_delimited_identifier", "on") { IsBoolean = true },
        new("enable_case_sensitive_identifier", "off") { IsBoolean = true },
        new("enable_case_sensitive_super_attribute", "off") { IsBoolean = true },
        new("enable_numeric_rounding", "on") { IsBoolean = true },
        new("enable_result_cache_for_session", "on") { IsBoolean = true },
        new("enable_vacuum_boost", "off") { IsBoolean = true },
        new("error_on_nondeterministic_update", "off") { IsBoolean = true },
        new("extra_float_digits", "0") { Least = -15, Most = 2, IsBacked = true },
        new("interval_forbid_composite_literals", "off") { IsBoolean = true },
        new("json_parse_dedup_attributes", "off") { IsBoolean = true },
        new("json_parse_truncate_strings", "off") { IsBoolean = true },
        new("json_serialization_enable", "off") { IsBoolean = true },
        new("json_serialization_parse_nested_strings", "off") { IsBoolean = true },
        new("max_concurrency_scaling_clusters", "1") { Least = 0, Most = 10 },
        new("mv_enable_aqmv_for_session", "on") { IsBoolean = true },
        new("navigate_super_null_on_error", "on") { IsBoolean = true },
        new("parse_super_null_on_error", "off") { IsBoolean = true },
        new("pg_federation_repeatable_read", "on") { IsBoolean = true },
        new("query_group", ""),
        new("search_path", "\"$user\", public"),
        new("spectrum_enable_pseudo_columns", "on") { IsBoolean = true },
        new("spectrum_query_maxerror", "-1"),
        new("statement_timeout", "0") { Least = 0, Most = int.MaxValue, IsBacked = true },
        new("stored_proc_log_min_messages", "LOG"),
        new("timezone", "UTC") { IsBacked = true },
        new("use_fips_ssl", "off") { IsBoolean = true },
        new("wlm_query_slot_count", "1") { Least = 1, Most = 50 },
    }.ToFrozenDictionary(setting => setting.Name, StringComparer.Ordinal);

    /// <summary>Settings of the server that exist, and that no session may change.</summary>
    private static readonly FrozenSet<string> System = FrozenSet.Create(
        StringComparer.Ordinal,
        "lc_messages", "lc_monetary", "lc_numeric", "lc_time", "lc_collate", "lc_ctype", "max_connections", "server_encoding", "server_version", "is_superuser",
        "session_authorization", "integer_datetimes", "fsync", "work_mem", "shared_buffers", "ssl", "port", "listen_addresses", "log_statement",
        "log_min_messages", "client_min_messages", "password_encryption", "require_ssl", "enable_user_activity_logging", "auto_analyze", "wlm_json_configuration");

    /// <summary>Settings that only a superuser may read.</summary>
    private static readonly FrozenSet<string> Hidden = FrozenSet.Create(
        StringComparer.Ordinal, "server_version", "is_superuser", "data_directory", "config_file", "hba_file", "session_authorization");

    public static IEnumerable<SettingDefinition> All => Known.Values.OrderBy(setting => setting.Name, StringComparer.Ordinal);

    public static SettingDefinition? Find(string name) => Known.GetValueOrDefault(name);

    public static bool IsSystem(string name) => System.Contains(name);

    public static bool IsHidden(string name) => Hidden.Contains(name);
}

/// <summary>One setting that sessions may change.</summary>
internal sealed record SettingDefinition(string Name, string Default)
{
    /// <summary>The private PostgreSQL has it too, and takes its values.</summary>
    public bool IsBacked { get; init; }

    public bool IsBoolean { get; init; }

    public int? Least { get; init; }

    public int? Most { get; init; }

    /// <summary>The value in the form in which it is shown; null when it is not a value of this setting.</summary>
    public string? Normalize(string value)
    {
        if (IsBoolean)
        {
            return value.ToLowerInvariant() switch
            {
                "on" or "true" or "t" or "yes" or "1" => "on",
                "off" or "false" or "f" or "no" or "0" => "off",
                _ => null,
            };
        }

        if (Least is { } least && Most is { } most)
        {
            return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number.ToString(CultureInfo.InvariantCulture)
                : null;
        }

        return value;
    }
}

using System.Collections.Frozen;

namespace Sluice.Commands;

/// <summary>The parameters that an address may carry after its <c>?</c> or as a keyword string, by database.</summary>
internal static class UriParameters
{
    public static readonly string[] SslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

    /// <summary>What the options of targets are called in an address.</summary>
    public static readonly FrozenSet<string> TargetOptions = new[]
    {
        "staging_bucket", "staging_prefix", "iam_role", "aws_profile", "aws_region", "copy_per", "compress", "part_size", "kms_key", "keep_staged_files",
        "identity_columns",
    }.ToFrozenSet();

    private static readonly string[] Common = ["host", "port", "user", "password", "dbname"];

    private static readonly FrozenSet<string> Postgres = Common.Concat(
    [
        "sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "sslcrldir", "sslsni", "sslcompression", "sslnegotiation",
        "sslcertmode", "ssl_min_protocol_version", "ssl_max_protocol_version", "requiressl", "requirepeer", "require_auth", "hostaddr",
        "passfile", "service", "servicefile", "connect_timeout", "client_encoding", "application_name", "fallback_application_name",
        "options", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", "replication",
        "gssencmode", "gssdelegation", "krbsrvname", "gsslib", "channel_binding", "target_session_attrs", "load_balance_hosts",
        "min_protocol_version", "max_protocol_version", "tablename",
    ]).Concat(TargetOptions).ToFrozenSet();

    private static readonly FrozenSet<string> MySql = Common.Concat(
        ["sslmode", "usessl", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "charset"]).ToFrozenSet();

    private static readonly FrozenSet<string> SqlServer = Common.Concat(
        ["encrypt", "trustservercertificate", "authentication", "connect_timeout", "applicationintent", "databasename", "instancename"])
        .ToFrozenSet();

    /// <summary>The names, lower-case, that this scheme knows.</summary>
    public static FrozenSet<string> Known(string scheme) => scheme switch
    {
        "mysql" => MySql,
        "mssql" => SqlServer,
        "sqlite" => FrozenSet<string>.Empty,
        _ => Postgres,
    };

    public static bool IsWholeNumber(string name) => name is "port" or "connect_timeout" or "keepalives" or "keepalives_idle"
        or "keepalives_interval" or "keepalives_count" or "tcp_user_timeout";
}

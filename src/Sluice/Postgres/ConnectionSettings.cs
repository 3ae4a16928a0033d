using System.Collections.Immutable;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>Who connects where and how, with every default filled in, and where each part was found.</summary>
public sealed record ConnectionSettings
{
    /// <summary><c>postgresql</c> or <c>redshift</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>What the address says that the server is, for messages.</summary>
    public string ServerKind => Scheme == "redshift" ? "Redshift" : "PostgreSQL";

    /// <summary>A host name or address, or a Unix socket's folder when it starts with <c>/</c>.</summary>
    public required Found<string> Host { get; init; }

    /// <summary>The address to connect to when it is given apart from the host's name (hostaddr).</summary>
    public string? HostAddress { get; init; }

    public required Found<int> Port { get; init; }

    public required Found<string> User { get; init; }

    public required Found<string> Database { get; init; }

    /// <summary>Null when none was given anywhere.</summary>
    public Found<Secret>? Password { get; init; }

    public required TlsSettings Tls { get; init; }

    /// <summary>For one attempt; zero waits for ever.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public string ApplicationName { get; init; } = "sluice";

    /// <summary>Command-line options for the server process (<c>-c name=value</c>).</summary>
    public string? ServerOptions { get; init; }

    public string? TimeZone { get; init; }

    public TargetSession TargetSession { get; init; }

    /// <summary>libpq's channel_binding: disable, prefer, require.</summary>
    public string? ChannelBinding { get; init; }

    /// <summary>libpq's require_auth.</summary>
    public string? RequireAuthentication { get; init; }

    /// <summary>libpq's gssencmode; GSS encryption is off unless asked for.</summary>
    public string? GssEncryption { get; init; }

    public string? KerberosService { get; init; }

    public bool KeepAlive { get; init; } = true;

    /// <summary>Seconds of silence before the first probe.</summary>
    public int KeepAliveIdle { get; init; } = 60;

    /// <summary>Seconds between probes.</summary>
    public int KeepAliveInterval { get; init; } = 10;

    /// <summary>What a user should know: a password file that was ignored, a root certificate that is not there.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    public bool IsUnixSocket => HostAddress is null && Host.Value.StartsWith('/');

    /// <summary>For messages: <c>user@host:port/database</c>, without any secret.</summary>
    public override string ToString() => $"{User.Value}@{Place}/{Database.Value}";

    /// <summary>For messages: <c>host:port</c>, or the socket's path.</summary>
    public string Place =>
        IsUnixSocket ? $"{Host.Value}/.s.PGSQL.{Port.Value}"
        : Host.Value.Contains(':', StringComparison.Ordinal) ? $"[{Host.Value}]:{Port.Value}"
        : $"{Host.Value}:{Port.Value}";
}

/// <summary>A setting and the place it was found in.</summary>
/// <param name="Value">The setting.</param>
/// <param name="From">Ends the sentence "taken …": <c>from the URI</c>, <c>from PGUSER</c>, <c>by default</c>.</param>
public sealed record Found<T>(T Value, string From);

/// <summary>Which kind of server will do (target_session_attrs).</summary>
public enum TargetSession
{
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
    PreferStandby,
}

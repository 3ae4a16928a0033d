using System.Collections.Immutable;
using Sluice.Diagnostics;

namespace Sluice.Sources.MySql;

/// <summary>Who connects to which MySQL or MariaDB server and how, with every default filled in.</summary>
internal sealed record MySqlSettings
{
    public required string User { get; init; }

    /// <summary>Null when none was given anywhere.</summary>
    public Secret? Password { get; init; }

    /// <summary>Ends the sentence "the password …": <c>from the URI</c>, <c>from ~/.my.cnf</c>.</summary>
    public string PasswordFrom { get; init; } = "";

    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>The path of a Unix socket, which is taken instead of host and port.</summary>
    public string? Socket { get; init; }

    public required string Database { get; init; }

    /// <summary>disable, prefer, require, verify-ca, verify-full.</summary>
    public string SslMode { get; init; } = "prefer";

    public string? RootCertificate { get; init; }

    public string? Certificate { get; init; }

    public string? CertificateKey { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For each session, as the command has them.</summary>
    public ImmutableArray<Commands.Setting> Parameters { get; init; } = [];

    /// <summary>For messages: host and port, or the socket's path.</summary>
    public string Place => Socket ?? (Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}");

    /// <summary>For messages: never holds the password.</summary>
    public override string ToString() => $"{User}@{Place}/{Database}";
}

using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>A database address as written in a command, decoded but without defaults from the environment.</summary>
public sealed record DatabaseUri
{
    /// <summary>
    /// Canonical scheme: <c>postgresql</c>, <c>redshift</c>, <c>mysql</c>, <c>mssql</c>, <c>sqlite</c>. Empty for a libpq keyword string.
    /// </summary>
    public required string Scheme { get; init; }

    public string? User { get; init; }

    public Secret? Password { get; init; }

    /// <summary>Host name, address (IPv6 without brackets) or, when it starts with <c>/</c>, a Unix socket's folder.</summary>
    public string? Host { get; init; }

    public int? Port { get; init; }

    public string? Database { get; init; }

    /// <summary>Other parameters by lower-case libpq name (sslmode, sslrootcert, service, connect_timeout…), decoded.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Parameters that are options of a target, decoded, in the written order.</summary>
    public ImmutableArray<UriOption> Options { get; init; } = [];

    /// <summary>The target table of file loads, when the URI names one.</summary>
    public QualifiedName? Table { get; init; }

    /// <summary>The same with the case of its letters, for <c>quote identifiers</c>.</summary>
    public QualifiedName? TableAsWritten { get; init; }

    /// <summary>Where it was written.</summary>
    public TextSpan Span { get; init; }

    /// <summary>Whether a server that speaks PostgreSQL's protocol is meant: what may be loaded into.</summary>
    public bool IsPostgres => Scheme is "postgresql" or "redshift" or "";

    /// <summary>For messages: never holds the password.</summary>
    public override string ToString()
    {
        var host = Host is null ? "" : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return $"{Scheme}://{(User is null ? "" : User + "@")}{host}{(Port is null ? "" : $":{Port}")}/{Database}";
    }
}

/// <summary>A parameter of an address that is an option: <c>staging_bucket=b</c>.</summary>
/// <param name="Name">Lower-case.</param>
/// <param name="Value">Decoded.</param>
/// <param name="Span">Where the value was written.</param>
public sealed record UriOption(string Name, string Value, TextSpan Span);

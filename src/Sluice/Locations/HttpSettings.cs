using System.Net;

namespace Sluice.Locations;

/// <summary>How downloads behave.</summary>
public sealed record HttpSettings
{
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait for an answer, and for the next bytes of a body.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Whether the environment's proxy is used.</summary>
    public bool UseProxy { get; init; } = true;

    /// <summary>Finds the addresses of a host name.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> ResolveHost { get; init; } = Dns.GetHostAddressesAsync;
}

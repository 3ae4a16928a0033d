using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy.Commands;

/// <summary>The options that a COPY or an UNLOAD has written: each at most once, and which exclude each other.</summary>
internal sealed class OptionSet
{
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    public bool Has(string option) => _written.Contains(option);

    /// <exception cref="ServerException">It was written before.</exception>
    public void Add(string option)
    {
        if (!_written.Add(option))
        {
            throw AuthorizationReader.Repeated();
        }
    }

    /// <exception cref="ServerException">It was written together with one of the others.</exception>
    public void Exclude(string option, params ReadOnlySpan<string> others)
    {
        foreach (var other in others)
        {
            if (Has(option) && Has(other))
            {
                throw new ServerException("0A000", $"{option.ToUpperInvariant()} is not compatible with {other.ToUpperInvariant()}");
            }
        }
    }
}

using System.Collections.Concurrent;

namespace RedshiftLocal.Secrecy;

/// <summary>Every secret this process was handed, and texts with them masked. Thread-safe.</summary>
public sealed class SecretLedger
{
    private readonly ConcurrentDictionary<string, bool> _secrets = new(StringComparer.Ordinal);

    /// <summary>Adds a key, token or password; empty ones are ignored.</summary>
    public void Remember(string secret)
    {
        if (secret.Length > 0)
        {
            _secrets[secret] = true;
        }
    }

    /// <summary>The text with each secret replaced by <c>''</c>, longest first.</summary>
    public string Mask(string text)
    {
        foreach (var secret in _secrets.Keys.OrderByDescending(secret => secret.Length))
        {
            text = text.Replace(secret, "''", StringComparison.Ordinal);
        }

        return text;
    }
}

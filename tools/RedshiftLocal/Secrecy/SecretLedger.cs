using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace RedshiftLocal.Secrecy;

/// <summary>
/// Every secret this process was handed, texts with them masked, and the statements it received, so that a test can compare what a
/// client logged with what it should not have. Thread-safe.
/// </summary>
public sealed class SecretLedger
{
    private const int KeptStatements = 2_000;
    private const int ShortestWord = 6;
    private const int LongestStatement = 16 << 10;

    private readonly ConcurrentDictionary<string, bool> _secrets = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _statements = new();

    /// <summary>All secrets, for a search through a client's output.</summary>
    public ImmutableArray<string> Secrets => [.. _secrets.Keys];

    /// <summary>Adds a key, token or password; empty ones are ignored.</summary>
    public void Remember(string secret)
    {
        if (secret.Length > 0)
        {
            _secrets[secret] = true;
        }
    }

    /// <summary>Adds the keys, tokens and passwords that a statement holds.</summary>
    public void RememberFrom(string statement)
    {
        foreach (var secret in StatementSecrets.Find(statement))
        {
            Remember(secret);
        }
    }

    /// <summary>Keeps a statement that was received, and adds its secrets. The oldest of very many are dropped.</summary>
    public void Record(string statement)
    {
        RememberFrom(statement);
        var masked = Mask(statement);
        _statements.Enqueue(masked.Length <= LongestStatement ? masked : masked[..LongestStatement]);
        while (_statements.Count > KeptStatements && _statements.TryDequeue(out _))
        {
        }
    }

    /// <summary>The statements received, oldest first, with every secret masked that is known by now.</summary>
    public ImmutableArray<string> Report() => [.. _statements.Select(Mask)];

    /// <summary>The secrets that the text holds; empty is what a client's log should give.</summary>
    public ImmutableArray<string> FindIn(string text) => [.. _secrets.Keys.Where(secret => text.Contains(secret, StringComparison.Ordinal))];

    /// <summary>
    /// The text with each secret replaced by <c>''</c>, longest first. One of a few letters, which may be part of any word, is replaced
    /// only where it stands as a literal or as the value of a name.
    /// </summary>
    public string Mask(string text)
    {
        foreach (var secret in _secrets.Keys.OrderByDescending(secret => secret.Length))
        {
            text = secret.Length >= ShortestWord
                ? text.Replace(secret, "''", StringComparison.Ordinal)
                : text.Replace($"'{secret}'", "''", StringComparison.Ordinal).Replace($"={secret}", "=''", StringComparison.Ordinal);
        }

        return text;
    }
}

using System.Collections.Concurrent;
using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Sessions;

/// <summary>The last statements that clients sent, for the secrecy check; they are masked when they are read, so that a secret learnt later is masked too.</summary>
public sealed class StatementLog(SecretLedger secrets)
{
    private const int Kept = 10_000;
    private const int LongestText = 100_000;

    private readonly ConcurrentQueue<string> _statements = new();

    public void Add(string statement)
    {
        _statements.Enqueue(statement.Length > LongestText ? statement[..LongestText] : statement);
        while (_statements.Count > Kept)
        {
            _statements.TryDequeue(out _);
        }
    }

    public IReadOnlyList<string> Masked() => [.. _statements.Select(secrets.Mask)];
}

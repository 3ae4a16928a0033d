using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Sessions;

/// <summary>The last statements that clients sent, for the secrecy check; they are masked when they are read, so that a secret learnt later is masked too.</summary>
public sealed class StatementLog(SecretLedger secrets)
{
    public void Add(string statement) => secrets.Record(statement);

    public IReadOnlyList<string> Masked() => secrets.Report();
}

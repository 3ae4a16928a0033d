using System.Security.Cryptography.X509Certificates;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy;
using RedshiftLocal.Faults;
using RedshiftLocal.Secrecy;
using RedshiftLocal.Unload;

namespace RedshiftLocal.Sessions;

/// <summary>What all sessions share.</summary>
internal sealed class ServerContext
{
    public required RedshiftLocalOptions Options { get; init; }

    public required PrivatePostgres Postgres { get; init; }

    public required UserDirectory Users { get; init; }

    public required IFaultSource Faults { get; init; }

    public required SecretLedger Secrets { get; init; }

    public required CopyEngine Copy { get; init; }

    public required UnloadEngine Unload { get; init; }

    public required QueryLog Queries { get; init; }

    public required CopyOptions CopyOptions { get; init; }

    public X509Certificate2? Certificate { get; init; }

    public SessionRegistry Sessions { get; } = new();
}

namespace Sluice.Postgres;

/// <summary>The SQLSTATE codes and classes that decide something. https://www.postgresql.org/docs/current/errcodes-appendix.html</summary>
public static class SqlStates
{
    public const string ConnectionException = "08";
    public const string DataException = "22";
    public const string IntegrityConstraintViolation = "23";
    public const string TransactionRollback = "40";
    public const string WithCheckOptionViolation = "44";

    /// <summary>RAISE EXCEPTION in PL/pgSQL, and its kin: P0001, P0002…</summary>
    public const string PlPgSqlError = "P0";

    public const string InvalidParameterValue = "22023";
    public const string InvalidAuthorization = "28000";
    public const string InvalidPassword = "28P01";
    public const string UnknownDatabase = "3D000";
    public const string ReadOnlyTransaction = "25006";
    public const string LockNotAvailable = "55P03";
    public const string InsufficientPrivilege = "42501";
    public const string UndefinedTable = "42P01";
    public const string UndefinedSchema = "3F000";
    public const string DiskFull = "53100";
    public const string TooManyConnections = "53300";
    public const string ConfigurationLimitExceeded = "53400";
    public const string QueryCanceled = "57014";

    /// <summary>57P01 to 57P05: shutdown, crash, starting up, database dropped, idle session ended.</summary>
    public const string OperatorShutdown = "57P0";

    public const string CannotConnectNow = "57P03";
}

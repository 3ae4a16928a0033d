using RedshiftLocal.Faults;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy;

/// <summary>The errors of faults that were ordered for COPY and UNLOAD.</summary>
internal static class CopyFaults
{
    /// <summary>An SQLSTATE, or 1023 and 1018, which Redshift sends as the message of XX000.</summary>
    public static ServerException Error(Fault fault) => fault.Code switch
    {
        "1023" => new ServerException(new ServerError("XX000", "1023")
        {
            Detail = fault.Message ?? "Serializable isolation violation on table - 100000, transactions forming the cycle are: 1000, 1001 (pid:1)",
        }),
        "1018" => new ServerException(new ServerError("XX000", "1018") { Detail = fault.Message ?? "Relation does not exist." }),
        var code => new ServerException(code ?? "XX000", fault.Message ?? "A fault was ordered"),
    };
}

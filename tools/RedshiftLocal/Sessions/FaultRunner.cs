using RedshiftLocal.Faults;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sessions;

/// <summary>Carries out the faults that are due in a session.</summary>
internal sealed class FaultRunner(IFaultSource faults)
{
    /// <exception cref="FaultDropException">The connection is to be closed without a word.</exception>
    /// <exception cref="ServerException">The error that was ordered.</exception>
    public async Task TakeAsync(FaultPoint point, string subject, CancellationToken ct)
    {
        var fault = faults.Take(point, subject);
        if (fault?.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, ct);
        }

        switch (fault?.Kind)
        {
            case FaultKind.Drop:
                throw new FaultDropException();
            case FaultKind.Error:
                throw new ServerException(ToError(fault));
        }
    }

    private static ServerError ToError(Fault fault)
    {
        var state = fault.Code ?? "XX000";
        var message = fault.Message ?? state switch
        {
            "57P01" => "terminating connection due to administrator command",
            "53100" => "Disk Full",
            _ => "1023",
        };
        return new ServerError(state, message)
        {
            Severity = state.StartsWith("57P", StringComparison.Ordinal) ? "FATAL" : "ERROR",
            Detail = fault.Message is not null ? null : state switch
            {
                "53100" => Block("Disk Full", "1016", "node: 0", "fdisk_api.cpp:491"),
                "XX000" => "Serializable isolation violation on table - 100123, transactions forming the cycle are: 1234, 1235 (pid:1234)",
                _ => null,
            },
        };
    }

    private static string Block(string error, string code, string context, string location) =>
        $"""

          -----------------------------------------------
          error:  {error}
          code:      {code}
          context:   {context}
          query:     0
          location:  {location}
          process:   query0_1 [pid=1234]
          -----------------------------------------------

        """;
}

/// <summary>A fault closes the connection without a word.</summary>
internal sealed class FaultDropException() : Exception("A fault closes the connection.");

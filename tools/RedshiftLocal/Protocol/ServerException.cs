using System.Collections.Immutable;

namespace RedshiftLocal.Protocol;

/// <summary>Ends a statement with an error that the client is shown.</summary>
public sealed class ServerException(ServerError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public ServerException(string sqlState, string message)
        : this(new ServerError(sqlState, message))
    {
    }

    public ServerError Error { get; } = error;

    /// <summary>Sent to the client before the error.</summary>
    public ImmutableArray<Notice> Notices { get; init; } = [];
}

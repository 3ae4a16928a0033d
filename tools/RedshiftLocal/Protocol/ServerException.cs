namespace RedshiftLocal.Protocol;

/// <summary>Ends a statement with an error that the client is shown.</summary>
public sealed class ServerException(ServerError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public ServerException(string sqlState, string message)
        : this(new ServerError(sqlState, message))
    {
    }

    public ServerError Error { get; } = error;
}

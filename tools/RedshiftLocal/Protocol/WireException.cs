namespace RedshiftLocal.Protocol;

/// <summary>The peer sent what is no message of the protocol; the connection cannot go on.</summary>
public sealed class WireException(string message, bool isTooLong = false) : Exception(message)
{
    public bool IsTooLong { get; } = isTooLong;
}

namespace RedshiftLocal.Protocol;

/// <summary>The numbers that open a connection. https://www.postgresql.org/docs/current/protocol-message-formats.html</summary>
public static class ProtocolCodes
{
    public const int Version3 = 3 << 16;
    public const int CancelRequest = (1234 << 16) | 5678;
    public const int SslRequest = (1234 << 16) | 5679;
    public const int GssEncRequest = (1234 << 16) | 5680;
}

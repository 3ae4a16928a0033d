namespace RedshiftLocal.Protocol;

/// <summary>One protocol message. The payload is valid until the next read; type 0 says that the peer closed the connection.</summary>
public readonly record struct WireMessage(byte Type, ReadOnlyMemory<byte> Payload)
{
    public bool IsEnd => Type == 0;
}

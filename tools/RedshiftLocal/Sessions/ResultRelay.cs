using System.Text;
using RedshiftLocal.Backing;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sessions;

/// <summary>Passes columns and rows of the private PostgreSQL on to the client, with Redshift's types.</summary>
internal sealed class ResultRelay(WireWriter client, TypeMap types, bool describe) : IResultSink
{
    private bool[]? _varbytes;

    public void RowDescription(ReadOnlySpan<byte> payload)
    {
        Note(payload);
        if (describe)
        {
            Write(client, types, payload);
        }
    }

    /// <summary>Learns the columns without telling the client.</summary>
    public void Note(ReadOnlySpan<byte> payload)
    {
        _varbytes = null;
        var reader = new PayloadReader(payload);
        var count = reader.Int16();
        for (var i = 0; i < count; i++)
        {
            SkipName(ref reader);
            reader.Bytes(6);
            var oid = reader.Int32();
            reader.Bytes(6);
            var isText = reader.Int16() == 0;
            if (isText && types.ToClient(oid) == TypeMap.Varbyte)
            {
                _varbytes ??= new bool[count];
                _varbytes[i] = true;
            }
        }
    }

    public static void Write(WireWriter client, TypeMap types, ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var count = reader.Int16();
        client.Begin('T').Int16(count);
        for (var i = 0; i < count; i++)
        {
            client.Bytes(SkipName(ref reader)).Bytes(reader.Bytes(6));
            var oid = reader.Int32();
            client.Int32(types.ToClient(oid)).Int16(reader.Int16());
            client.Int32(TypeMap.ModifierToClient(oid, reader.Int32())).Int16(reader.Int16());
        }

        client.End();
    }

    public async ValueTask DataRowAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        if (_varbytes is null)
        {
            client.Message('D', payload.Span);
        }
        else
        {
            WriteRow(payload.Span, _varbytes);
        }

        if (client.IsFull)
        {
            await client.FlushAsync(ct);
        }
    }

    /// <summary>Redshift shows VARBYTE as bare hexadecimal digits.</summary>
    private void WriteRow(ReadOnlySpan<byte> payload, bool[] varbytes)
    {
        var reader = new PayloadReader(payload);
        var count = reader.Int16();
        client.Begin('D').Int16(count);
        for (var i = 0; i < count; i++)
        {
            var length = reader.Int32();
            if (length < 0)
            {
                client.Int32(-1);
                continue;
            }

            var value = reader.Bytes(length);
            if (varbytes[i] && value.StartsWith("\\x"u8))
            {
                value = value[2..];
            }

            client.Int32(value.Length).Bytes(value);
        }

        client.End();
    }

    /// <summary>One row of text values, made here.</summary>
    public static void WriteRow(WireWriter client, params ReadOnlySpan<string?> values)
    {
        client.Begin('D').Int16(values.Length);
        foreach (var value in values)
        {
            if (value is null)
            {
                client.Int32(-1);
                continue;
            }

            var bytes = Encoding.UTF8.GetBytes(value);
            client.Int32(bytes.Length).Bytes(bytes);
        }

        client.End();
    }

    /// <summary>Columns of type varchar, of rows made here.</summary>
    public static void WriteColumns(WireWriter client, params ReadOnlySpan<string> names)
    {
        client.Begin('T').Int16(names.Length);
        foreach (var name in names)
        {
            client.Text(name).Int32(0).Int16(0).Int32(TypeMap.Varchar).Int16(-1).Int32(TypeMap.LongestVarchar).Int16(0);
        }

        client.End();
    }

    private static ReadOnlySpan<byte> SkipName(ref PayloadReader reader)
    {
        var length = reader.Rest.IndexOf((byte)0) + 1;
        return reader.Bytes(length);
    }
}

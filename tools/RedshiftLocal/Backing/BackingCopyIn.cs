using System.Globalization;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Backing;

/// <summary>Sends rows to a COPY … FROM STDIN of the private PostgreSQL.</summary>
internal sealed class BackingCopyIn(BackingConnection connection) : ICopyIn
{
    private bool _ended;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        connection.Writer.Message('d', data.Span);
        if (connection.Writer.IsFull)
        {
            // Half a message would make the connection useless; the server takes what it is sent, whatever comes of it.
            await connection.SendAsync(CancellationToken.None);
        }
    }

    public async Task<long> CompleteAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        _ended = true;
        connection.Writer.Message('c');
        await using var canceling = connection.CancelOn(ct);
        var (tag, error) = await FinishAsync(CancellationToken.None);
        return error is not null ? throw BackingConnection.Failure(error, ct)
            : long.TryParse(tag.AsSpan(tag.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture, out var rows) ? rows : 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        connection.Writer.Begin('f').Text("abandoned").End();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await FinishAsync(timeout.Token);
        }
        catch (Exception exception) when (exception is ServerException or OperationCanceledException)
        {
            // The connection is gone, and the COPY with it.
        }
    }

    private async Task<(string Tag, ServerError? Error)> FinishAsync(CancellationToken ct)
    {
        await connection.SendAsync(ct);
        var tag = "";
        ServerError? error = null;
        while (true)
        {
            var message = await connection.ReceiveAsync(ct);
            switch ((char)message.Type)
            {
                case 'C':
                    tag = new PayloadReader(message.Payload.Span).Text();
                    break;
                case 'E':
                    error = ErrorFields.Read(message.Payload.Span);
                    break;
                case 'Z':
                    return (tag, error);
            }
        }
    }
}

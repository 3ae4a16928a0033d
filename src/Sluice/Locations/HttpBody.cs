using Sluice.Diagnostics;

namespace Sluice.Locations;

/// <summary>The body of a download. Ends in an error, not early, when bytes are missing.</summary>
internal sealed class HttpBody(
    Stream body, HttpResponseMessage response, HttpClient client, string label, long? expected, TimeSpan stallTimeout) : ForwardStream
{
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(stallTimeout);
        try
        {
            var read = await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
            _read += read;
            return read > 0 || buffer.Length == 0 || expected is null || _read == expected ? read : throw Early(null);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SourceException($"{label} stalled: no bytes for {stallTimeout.TotalSeconds:0.###} s, after {_read} bytes", null, failure);
        }
        catch (IOException failure)
        {
            throw Early(failure);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            response.Dispose();
            client.Dispose();
        }

        base.Dispose(disposing);
    }

    private SourceException Early(Exception? failure) =>
        new($"The connection to {label} ended early: {(expected is null ? $"{_read} bytes" : $"{_read} of {expected} bytes")} were read", null, failure);
}

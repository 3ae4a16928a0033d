using System.IO.Pipelines;
using Sluice.Locations;

namespace Sluice.Tests.Locations;

public sealed class InterruptibleStreamTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waiting_for_bytes_can_be_cancelled_and_none_of_them_is_lost()
    {
        var pipe = new Pipe();
        await using var stream = new InterruptibleStream(new DeafStream(pipe.Reader.AsStream()));
        var buffer = new byte[3];
        using var cancel = new CancellationTokenSource();
        var reading = stream.ReadAsync(buffer, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await pipe.Writer.WriteAsync("abcde"u8.ToArray(), Ct);
        await pipe.Writer.CompleteAsync();
        Assert.Equal(3, await stream.ReadAsync(buffer, Ct));
        Assert.Equal("abc"u8.ToArray(), buffer);
        Assert.Equal(2, await stream.ReadAsync(buffer, Ct));
        Assert.Equal("de"u8.ToArray(), buffer[..2]);
        Assert.Equal(0, await stream.ReadAsync(buffer, Ct));
    }

    [Fact]
    public async Task The_end_is_asked_for_once()
    {
        var source = new DeafStream(Stream.Null);
        await using var stream = new InterruptibleStream(source);
        Assert.Equal(0, await stream.ReadAsync(new byte[3], Ct));
        Assert.Equal(0, await stream.ReadAsync(new byte[3], Ct));
        Assert.Equal(1, source.Reads);
    }

    [Fact]
    public async Task Large_inputs_come_through_unchanged()
    {
        var bytes = new byte[1_000_003];
        new Random(7).NextBytes(bytes);
        await using var stream = new InterruptibleStream(new MemoryStream(bytes));
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, 5000, Ct);
        Assert.Equal(bytes, copy.ToArray());
    }

    /// <summary>Does not hear of cancellation, as a read of the system does not.</summary>
    private sealed class DeafStream(Stream source) : ForwardStream
    {
        public int Reads { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            return source.ReadAsync(buffer, CancellationToken.None);
        }
    }
}

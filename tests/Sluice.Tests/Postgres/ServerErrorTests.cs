using System.Net.Sockets;
using Npgsql;
using Sluice.Postgres;

namespace Sluice.Tests.Postgres;

public sealed class ServerErrorTests
{
    public static TheoryData<Exception, ServerErrorKind> TransportErrors => new()
    {
        { new NpgsqlException("x", new IOException()), ServerErrorKind.ConnectionLost },
        { new NpgsqlException("x", new SocketException(104)), ServerErrorKind.ConnectionLost },
        { new NpgsqlException("x", new EndOfStreamException()), ServerErrorKind.ConnectionLost },
        { new NpgsqlException("x", new TimeoutException()), ServerErrorKind.ConnectionLost },
        { new ObjectDisposedException("x"), ServerErrorKind.ConnectionLost },
        { new IOException(), ServerErrorKind.ConnectionLost },
        { new NpgsqlException("x"), ServerErrorKind.Fatal },
        { new OperationCanceledException("x", new PostgresException("x", "ERROR", "ERROR", "22P02")), ServerErrorKind.Fatal },
        { new InvalidCastException(), ServerErrorKind.Fatal },
    };

    [Theory]
    [InlineData("22P02", ServerErrorKind.RowRefused)]
    [InlineData("22021", ServerErrorKind.RowRefused)]
    [InlineData("23505", ServerErrorKind.RowRefused)]
    [InlineData("44000", ServerErrorKind.RowRefused)]
    [InlineData("P0001", ServerErrorKind.RowRefused)]
    [InlineData("P0004", ServerErrorKind.RowRefused)]
    [InlineData("40001", ServerErrorKind.RetryBatch)]
    [InlineData("40P01", ServerErrorKind.RetryBatch)]
    [InlineData("08006", ServerErrorKind.ConnectionLost)]
    [InlineData("57P01", ServerErrorKind.ConnectionLost)]
    [InlineData("57P02", ServerErrorKind.ConnectionLost)]
    [InlineData("57P03", ServerErrorKind.ConnectionLost)]
    [InlineData("53100", ServerErrorKind.Fatal)]
    [InlineData("54000", ServerErrorKind.Fatal)]
    [InlineData("57014", ServerErrorKind.Fatal)]
    [InlineData("42501", ServerErrorKind.Fatal)]
    [InlineData("XX000", ServerErrorKind.Fatal)]
    [InlineData("P1000", ServerErrorKind.Fatal)]
    [InlineData("2", ServerErrorKind.Fatal)]
    [InlineData("", ServerErrorKind.Fatal)]
    public void The_class_of_the_code_decides(string sqlState, ServerErrorKind expected)
    {
        Assert.Equal(expected, ServerError.Classify(sqlState));
        Assert.Equal(expected, ServerError.Classify(new PostgresException("x", "ERROR", "ERROR", sqlState)));
    }

    [Theory]
    [MemberData(nameof(TransportErrors), DisableDiscoveryEnumeration = true)]
    public void Transport_errors_mean_a_lost_connection(Exception error, ServerErrorKind expected) => Assert.Equal(expected, ServerError.Classify(error));
}

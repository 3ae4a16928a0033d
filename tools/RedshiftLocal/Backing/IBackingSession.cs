namespace RedshiftLocal.Backing;

/// <summary>One connection to the private PostgreSQL. Not thread-safe. SQL is PostgreSQL's own; errors come as ServerException with PostgreSQL's SQLSTATE and text.</summary>
public interface IBackingSession : IAsyncDisposable
{
    /// <summary>I idle, T in a transaction block, E in a failed one.</summary>
    char TransactionStatus { get; }

    /// <summary>Runs one or more statements by simple query; the rows of the last one that returns any, as text.</summary>
    Task<QueryResult> QueryAsync(string sql, CancellationToken ct);

    /// <summary>Starts COPY … FROM STDIN.</summary>
    Task<ICopyIn> BeginCopyInAsync(string sql, CancellationToken ct);
}

/// <summary>Values in the server's text form; null is NULL.</summary>
public sealed record QueryResult(IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows, string Tag);

/// <summary>A running COPY … FROM STDIN. Dispose without <see cref="CompleteAsync"/> fails the statement (CopyFail).</summary>
public interface ICopyIn : IAsyncDisposable
{
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken ct);

    /// <summary>The number of rows copied.</summary>
    Task<long> CompleteAsync(CancellationToken ct);
}

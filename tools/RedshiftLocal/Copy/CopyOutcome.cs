namespace RedshiftLocal.Copy;

/// <summary>A COPY that succeeded; the command tag is a bare COPY.</summary>
public sealed record CopyOutcome(long QueryId, long Rows, long BadRows);

/// <summary>A fault ordered the client's connection closed without a word. The caller rolls back and closes.</summary>
public sealed class CopyDroppedException() : Exception("A fault closes the connection.");

namespace Sluice.Batches;

/// <summary>Why a record or row is set aside, and where it stood.</summary>
public sealed record Rejection
{
    public required RowOrigin Origin { get; init; }

    public required RejectStage Stage { get; init; }

    /// <summary>One sentence; may be followed by detail lines. Never a secret.</summary>
    public required string Message { get; init; }

    /// <summary>The column or field at fault, when known.</summary>
    public string? Column { get; init; }

    /// <summary>The row's primary key in the source, by its columns; null where it has none, or where the row itself shows it.</summary>
    public IReadOnlyList<(string Name, string? Value)>? Key { get; init; }

    /// <summary>The server's five-character code, for <see cref="RejectStage.Server"/>.</summary>
    public string? SqlState { get; init; }

    /// <summary>The server's DETAIL, when it gave one.</summary>
    public string? Detail { get; init; }
}

using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Postgres;
using Sluice.Sources;

namespace Sluice.Runs;

/// <summary>A table that is being copied, in one piece or in several side by side.</summary>
/// <param name="plan">What is done with it.</param>
/// <param name="found">What the target has.</param>
/// <param name="line">Counts its rows.</param>
/// <param name="rejects">Takes its refused rows.</param>
/// <param name="server">What is on the other side.</param>
/// <param name="takesBinary">Whether rows travel in binary.</param>
/// <param name="encoding">Of the source's texts; null: as it says itself.</param>
/// <param name="drain">Once cancelled, reading stops.</param>
internal sealed class TableWork(TablePlan plan, PostgresTable found, RunLine line, RejectFiles rejects, ServerInfo server, bool takesBinary, string? encoding, CancellationToken drain)
{
    private readonly HashSet<string> _failures = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _left = 1;

    public TablePlan Plan { get; } = plan;

    public PostgresTable Found { get; } = found;

    public RunLine Line { get; } = line;

    public RejectFiles Rejects { get; } = rejects;

    public ImmutableArray<string> Names { get; } = [.. plan.CopiedColumns.Select(column => found.Column(column.Name).Name)];

    public ImmutableArray<ColumnEncoding> Encodings { get; } = [.. plan.CopiedColumns.Select(column => found.Column(column.Name).Encoding(server))];

    /// <summary>Equal keys and triggers make it matter which row comes first.</summary>
    public bool IsOrdered => !Found.RowTriggers.IsEmpty || Found.Indexes.Any(index => index.IsUnique);

    /// <summary>The target refused it as a whole: what is left of it would fail too.</summary>
    public bool IsHopeless { get; private set; }

    /// <param name="units">How many pieces are wanted at most.</param>
    public TableReading Reading(int units) => new()
    {
        Table = Plan.Source.Name,
        Query = Plan.Source.Query,
        EncodingName = Plan.EncodingName ?? encoding,
        Columns = [.. Plan.CopiedColumns.Zip(Names, (column, name) => Column(column, Found.Column(name)))],
        TakesBinary = takesBinary,
        MaxUnits = units,
        BytesRead = Line.AddSourceBytes,
        Drain = drain,
    };

    public void Split(int pieces) => _left = pieces;

    /// <summary>Returns whether that was the last piece.</summary>
    public bool EndPiece() => Interlocked.Decrement(ref _left) == 0;

    /// <summary>Returns whether the failure says something new: pieces of one table often fail alike.</summary>
    public bool Fails(SluiceException failure)
    {
        lock (_gate)
        {
            IsHopeless |= failure is TargetException;
            return _failures.Add(failure.Message);
        }
    }

    private static ReadColumn Column(ColumnPlan column, PostgresColumn found) => new(column.Source.Name, found.Name, Kind(found), column.Cast.Using)
    {
        Type = found.BinaryType,
        IsBytes = column.Source.TypeName is "bytea",
    };

    private static ReadColumnKind Kind(PostgresColumn column) => column.BinaryType switch
    {
        BinaryType.Bytea => ReadColumnKind.Bytes,
        BinaryType.None when column.IsForeignBytes => ReadColumnKind.Bytes,
        BinaryType.Boolean => ReadColumnKind.Boolean,
        _ => ReadColumnKind.Text,
    };
}

/// <summary>What one reader reads of a table at a time.</summary>
/// <param name="Work">The table.</param>
/// <param name="Unit">Null: all of it, however the source cuts it.</param>
internal sealed record TablePiece(TableWork Work, ReadUnit? Unit);

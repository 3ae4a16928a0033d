using System.Buffers;
using System.Runtime.ExceptionServices;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy.S3;
using RedshiftLocal.Unload.Files;
using RedshiftLocal.Unload.Formats;

namespace RedshiftLocal.Unload;

/// <summary>
/// Gives the rows of a query to the slices in turn. After a failure it passes over what still comes, since the backing session must be read to the
/// end of its answer; the failure is kept for the caller.
/// </summary>
internal sealed class UnloadSink : IResultSink
{
    private readonly UnloadPlan _plan;
    private readonly S3Writer _store;
    private readonly int _slices;
    private readonly TimeProvider _clock;
    private readonly Func<string, Task> _beginFolderAsync;
    private readonly Func<Task> _cancelAsync;
    private readonly CancellationToken _ct;
    private readonly RowFormat _format;
    private readonly UnloadRow _row;
    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly List<UnloadedFile> _files = [];
    private SliceWriter[] _writers = [];
    private string? _folder;
    private int _turn;

    /// <param name="plan">What is written where.</param>
    /// <param name="store">Where files go.</param>
    /// <param name="slices">How many there are.</param>
    /// <param name="beginFolderAsync">Called for each folder of a partition before its first file.</param>
    /// <param name="cancelAsync">Ends the query.</param>
    /// <param name="clock">For the history.</param>
    /// <param name="ct">Of requests to the store.</param>
    public UnloadSink(
        UnloadPlan plan, S3Writer store, int slices, Func<string, Task> beginFolderAsync, Func<Task> cancelAsync, TimeProvider clock, CancellationToken ct)
    {
        _plan = plan;
        _store = store;
        _slices = plan.Command.Parallel ? slices : 1;
        _beginFolderAsync = beginFolderAsync;
        _cancelAsync = cancelAsync;
        _clock = clock;
        _ct = ct;
        _format = RowFormat.Create(plan.Command, plan.Columns, plan.Shown);
        _row = new UnloadRow([.. plan.Columns.Select(column => column.Type == "varbyte")]);
        if (plan.Partitions.IsEmpty)
        {
            _writers = Writers("");
        }
    }

    public long Rows { get; private set; }

    /// <summary>What went wrong here, not in the query.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>The files that are complete.</summary>
    public IReadOnlyList<UnloadedFile> Files => [.. _files, .. _writers.SelectMany(writer => writer.Files)];

    public void RowDescription(ReadOnlySpan<byte> payload)
    {
    }

    public async ValueTask DataRowAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            _row.Take(payload);
            if (!_plan.Partitions.IsEmpty)
            {
                await EnterFolderAsync();
            }

            _line.ResetWrittenCount();
            _format.Row(_row, _line);
            await _writers[_turn].WriteAsync(_line.WrittenMemory, _ct);
            _turn = (_turn + 1) % _writers.Length;
            Rows++;
        }
        catch (Exception exception)
        {
            Failure = ExceptionDispatchInfo.Capture(exception);
            await _cancelAsync();
        }
    }

    /// <summary>Writes all that is left. Slices without rows have a file too, but for JSON and partitions.</summary>
    public async Task CompleteAsync()
    {
        if (_plan.Partitions.IsEmpty && _plan.Command.Format != Commands.UnloadFormat.Json)
        {
            foreach (var writer in _writers.Where(writer => !writer.HasFile))
            {
                writer.Open();
            }
        }

        foreach (var writer in _writers)
        {
            await writer.CloseAsync(_ct);
        }
    }

    /// <summary>UNLOAD takes nothing back: rows that a failed query gave are left in files. What the store refuses is dropped.</summary>
    public async Task AbandonAsync(bool leaveRows, CancellationToken ct)
    {
        foreach (var writer in _writers)
        {
            try
            {
                if (leaveRows)
                {
                    await writer.CloseAsync(ct);
                }
                else
                {
                    await writer.AbandonAsync(ct);
                }
            }
            catch (Exception exception) when (exception is S3Exception or OperationCanceledException)
            {
                // The first failure is the one that is told.
                leaveRows = false;
            }
            finally
            {
                writer.Dispose();
            }
        }
    }

    private async Task EnterFolderAsync()
    {
        var folder = PartitionNames.Folder(_row, _plan.Columns, _plan.Partitions);
        if (folder == _folder)
        {
            return;
        }

        foreach (var writer in _writers)
        {
            await writer.CloseAsync(_ct);
        }

        _files.AddRange(_writers.SelectMany(writer => writer.Files));
        _writers = [];
        await _beginFolderAsync(folder);
        _folder = folder;
        _writers = Writers(folder);
        _turn = 0;
    }

    private SliceWriter[] Writers(string folder) =>
        [.. Enumerable.Range(0, _slices).Select(slice => new SliceWriter(_plan.Command, _store, _format, folder, slice, _clock))];
}

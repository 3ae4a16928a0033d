using System.Collections.Immutable;
using System.Text;
using RedshiftLocal.Copy.Records;
using RedshiftLocal.Copy.S3;
using RedshiftLocal.Copy.Values;
using ZstdSharp;

namespace RedshiftLocal.Copy.Loading;

/// <summary>Reads one file after another and sends their rows on.</summary>
internal sealed class FileWorker(LoadState state, S3Reader store, TimeProvider clock)
{
    private const int ShownBytes = 1024;

    private readonly RowLoader _rows = new(state.Plan);
    private RowBuffer? _buffer;

    /// <summary>Reads the files that the function gives until it gives none.</summary>
    public async Task RunAsync(Func<LoadFile?> next, CancellationToken ct)
    {
        try
        {
            while (next() is { } file)
            {
                await LoadAsync(file, ct);
            }

            if (_buffer is { Rows: > 0 })
            {
                await state.SendAsync(_buffer, ct);
                _buffer = null;
            }
        }
        finally
        {
            state.AddQuotedMarkers(_rows.QuotedMarkers);
            _buffer?.Dispose();
            _buffer = null;
        }
    }

    private async Task LoadAsync(LoadFile file, CancellationToken ct)
    {
        file.Started = clock.GetUtcNow();
        await using var stored = await store.OpenAsync(file.Place, ct);
        try
        {
            var command = state.Plan.Command;
            await using var bytes = await FileBytes.OpenAsync(stored, command.Compression, command.Encoding, ct);
            using RecordSource records = state.JsonFields is { } json
                ? new JsonRecordReader(bytes, json)
                : new RecordReader(bytes, command.Records, state.Plan.Fields.Length);
            await ReadAsync(records, file, ct);
            file.Records = records.RecordNumber;
            file.Complete = true;
        }
        catch (InvalidEncodingException exception)
        {
            await AddErrorAsync(new LoadError(file, 1, null, 1221, exception.Message, 0, "", ""), ct);
        }
        catch (DecoderFallbackException exception)
        {
            throw new UnreadableFileException("The file holds characters that are no UTF-16", $"Reading {file.Url}", exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw new UnreadableFileException(
                $"The file could not be decompressed: {exception.Message}", $"Reading {file.Url}", exception);
        }
        finally
        {
            file.BytesRead = stored.BytesRead;
            file.Ended = clock.GetUtcNow();
        }
    }

    private async Task ReadAsync(RecordSource records, LoadFile file, CancellationToken ct)
    {
        while (true)
        {
            _buffer ??= state.Rent();
            switch (Advance(records, _buffer, out var problem))
            {
                case Step.NeedsData:
                    await records.FillAsync(ct);
                    break;
                case Step.BufferFull:
                    var full = _buffer;
                    _buffer = null;
                    await state.SendAsync(full, ct);
                    break;
                case Step.Problem:
                    file.Records = records.RecordNumber;
                    // Set with this step.
                    await AddErrorAsync(Describe(records, file, problem!), ct);
                    break;
                case Step.Replaced:
                    state.AddReplacedRow();
                    await state.History.AddAsync(
                        new Replacement(file, Line(records), _rows.Columns[_rows.ReplacedField].Name, SqlText.Shown(records.Record, ShownBytes)), ct);
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>Reads records until something has to be awaited.</summary>
    private Step Advance(RecordSource records, RowBuffer buffer, out LoadProblem? problem)
    {
        problem = null;
        while (!LoadState.IsFull(buffer))
        {
            switch (records.Next())
            {
                case ReadState.NeedsData:
                    return Step.NeedsData;
                case ReadState.End:
                    return Step.End;
                default:
                    problem = _rows.Append(records, buffer);
                    if (problem is not null)
                    {
                        return Step.Problem;
                    }

                    if (_rows.ReplacedField >= 0)
                    {
                        return Step.Replaced;
                    }

                    break;
            }
        }

        return Step.BufferFull;
    }

    private async Task AddErrorAsync(LoadError error, CancellationToken ct)
    {
        error.File.Errors++;
        var tolerated = state.CountError();
        await state.History.AddAsync(error, ct);
        if (!tolerated)
        {
            throw new TooManyErrorsException();
        }
    }

    private long Line(RecordSource records) => state.Options.LineNumbers == LineNumbering.Physical ? records.Line : records.RecordNumber;

    private LoadError Describe(RecordSource records, LoadFile file, LoadProblem problem)
    {
        var field = _rows.ProblemField;
        var raw = field >= 0 && field < records.FieldCount ? SqlText.Shown(records.Field(field), ShownBytes) : "";
        return new LoadError(
            file, Line(records), _rows.ProblemColumn, problem.Code, problem.Reason, problem.Position, SqlText.Shown(records.Record, ShownBytes), raw)
        {
            Fields = Fields(records, field),
        };
    }

    private ImmutableArray<(TargetColumn Column, string Value, bool IsNull)> Fields(RecordSource records, int last)
    {
        var columns = _rows.Columns;
        var count = Math.Min(last + 1, Math.Min(records.FieldCount, columns.Length));
        var fields = ImmutableArray.CreateBuilder<(TargetColumn, string, bool)>(Math.Max(count, 0));
        for (var i = 0; i < count; i++)
        {
            var isNull = records.IsNull(i, state.Plan.Command.Values.NullMarker.Span);
            fields.Add((columns[i], isNull ? "" : SqlText.Shown(records.Field(i), ShownBytes), isNull));
        }

        return fields.ToImmutable();
    }

    private enum Step
    {
        NeedsData,
        BufferFull,
        Problem,
        Replaced,
        End,
    }
}

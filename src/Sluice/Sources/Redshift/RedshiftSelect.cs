// hot path
using System.Buffers;
using Npgsql;
using Sluice.Batches;
using Sluice.Casts;

namespace Sluice.Sources.Redshift;

/// <summary>Streams one plain SELECT: a row at a time from the socket, its values as bytes of text. No cursor is opened on the leader.</summary>
internal sealed class RedshiftSelect(RedshiftTable table, TableReading reading)
{
    private const int ReportBytes = 1 << 20;

    private readonly RedshiftFields _fields = new(reading.Columns, table);
    private readonly ArrayBufferWriter<byte> _line = new();
    private byte[] _value = new byte[4096];
    private long _bytes;

    public async Task ReadAsync(NpgsqlConnection connection, string sql, ReadUnit unit, RowWriter rows, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var isAtEnd = false;
        try
        {
            long row = 0;
            while (!reading.Drain.IsCancellationRequested)
            {
                if (!await reader.ReadAsync(ct).ConfigureAwait(false))
                {
                    isAtEnd = true;
                    break;
                }

                if (WriteRow(reader, rows, new RowOrigin(unit.Index, ++row, -1)))
                {
                    Report();
                    await rows.FlushAsync(ct).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (!isAtEnd)
            {
                // Closing would read all the rows that are left.
                command.Cancel();
            }

            await CloseAsync(reader, isAtEnd).ConfigureAwait(false);
        }

        Report();
    }

    private static async Task CloseAsync(NpgsqlDataReader reader, bool isAtEnd)
    {
        try
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (!isAtEnd && e is NpgsqlException or IOException or OperationCanceledException)
        {
            // Its answer, that it was cancelled, or a connection that is gone.
        }
    }

    private bool WriteRow(NpgsqlDataReader reader, RowWriter rows, in RowOrigin origin)
    {
        var column = 0;
        try
        {
            for (; column < _fields.Count; column++)
            {
                if (reader.IsDBNull(column))
                {
                    rows.WriteNull();
                }
                else
                {
                    _fields.Write(rows, column, Value(reader, column));
                }
            }
        }
        catch (TransformException e)
        {
            _fields.Reject(rows, origin, column, e, Line(reader));
            return false;
        }

        return rows.EndRow(origin) || _bytes >= ReportBytes;
    }

    private ReadOnlySpan<byte> Value(NpgsqlDataReader reader, int column)
    {
        using var value = reader.GetStream(column);
        var length = (int)value.Length;
        if (length > _value.Length)
        {
            _value = new byte[Math.Max(length, 2 * _value.Length)];
        }

        value.ReadExactly(_value, 0, length);
        _bytes += length;
        return _value.AsSpan(0, length);
    }

    // As COPY text would have it.
    private ReadOnlySpan<byte> Line(NpgsqlDataReader reader)
    {
        _line.ResetWrittenCount();
        for (var column = 0; column < _fields.Count; column++)
        {
            if (column > 0)
            {
                _line.Write("\t"u8);
            }

            _line.Write(reader.IsDBNull(column) ? "\\N"u8 : Value(reader, column));
        }

        return _line.WrittenSpan;
    }

    private void Report()
    {
        reading.BytesRead?.Invoke(_bytes);
        _bytes = 0;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Catalog;
using Sluice.Diagnostics;
using SQLitePCL;

namespace Sluice.Sources.Sqlite;

/// <summary>Looks at the first and the last rows of a table: a column holds values of any kind, whatever it was declared as.</summary>
internal sealed class SqliteSampler(SqliteConnection connection, TableModel table)
{
    private const int ExampleLength = 30;

    private readonly int[,] _counts = new int[table.Columns.Length, Enum.GetValues<SampledKind>().Length];
    private readonly string?[,] _examples = new string?[table.Columns.Length, Enum.GetValues<SampledKind>().Length];
    private int _rows;

    public ImmutableArray<ColumnSample> Read(int rows, CancellationToken ct)
    {
        var columns = string.Join(", ", table.Columns.Select(column => Identifier.Quote(column.Name)));
        var select = $"SELECT {columns} FROM {SqliteSelect.From(table.Name.Name, table.Query)}";
        var rowId = table.EstimatedRows is null ? null : SqliteRowId.Name([.. table.Columns.Select(column => column.Name)]);
        Look(string.Create(CultureInfo.InvariantCulture, $"{select} LIMIT {(rowId is null ? rows : rows / 2)}"), ct);
        if (rowId is not null && _rows == rows / 2)
        {
            Look(string.Create(CultureInfo.InvariantCulture, $"{select} ORDER BY {rowId} DESC LIMIT {rows - (rows / 2)}"), ct);
        }

        return [.. table.Columns.Select((column, i) => new ColumnSample(column.Name, _rows, Values(i)))];
    }

    private void Look(string sql, CancellationToken ct)
    {
        var database = connection.Handle;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
        using (statement)
        {
            int result;
            while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
            {
                ct.ThrowIfCancellationRequested();
                _rows++;
                for (var column = 0; column < table.Columns.Length; column++)
                {
                    Count(statement, column);
                }
            }

            SqliteException.ThrowExceptionForRC(result, database);
        }
    }

    private void Count(sqlite3_stmt statement, int column)
    {
        SampledKind? found = raw.sqlite3_column_type(statement, column) switch
        {
            raw.SQLITE_INTEGER => SampledKind.Integer,
            raw.SQLITE_FLOAT => SampledKind.Real,
            raw.SQLITE_TEXT => SampledKind.Text,
            raw.SQLITE_BLOB => SampledKind.Blob,
            _ => null,
        };
        if (found is { } kind && _counts[column, (int)kind]++ == 0)
        {
            _examples[column, (int)kind] = Example(statement, column, kind);
        }
    }

    private static string Example(sqlite3_stmt statement, int column, SampledKind kind)
    {
        var bytes = raw.sqlite3_column_blob(statement, column);
        var isCut = bytes.Length > ExampleLength;
        var start = isCut ? bytes[..ExampleLength] : bytes;
        return kind == SampledKind.Blob ? $"x'{Convert.ToHexStringLower(start)}'{(isCut ? "…" : "")}"
            : kind == SampledKind.Text ? $"'{Printable.Escape(System.Text.Encoding.UTF8.GetString(start))}'{(isCut ? "…" : "")}"
            : raw.sqlite3_column_text(statement, column).utf8_to_string();
    }

    private ImmutableArray<SampledValues> Values(int column) =>
    [
        .. Enum.GetValues<SampledKind>().Where(kind => _counts[column, (int)kind] > 0)
            .Select(kind => new SampledValues(kind, _counts[column, (int)kind], _examples[column, (int)kind] ?? ""))
            .OrderByDescending(values => values.Count),
    ];
}

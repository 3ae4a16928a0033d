using Npgsql;

namespace RedshiftLocal.Tests;

/// <summary>Statements in one line each; results as text.</summary>
internal static class SqlExtensions
{
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<string?> ScalarAsync(this NpgsqlConnection connection, string sql, CancellationToken ct) =>
        await connection.RowsAsync(sql, ct) is [var row, ..] ? row[0] : null;

    public static async Task<IReadOnlyList<string?[]>> RowsAsync(this NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(ct))
        {
            var row = new string?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = await reader.IsDBNullAsync(i, ct) ? null : reader.GetString(i);
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The error that a statement must end with.</summary>
    public static async Task<PostgresException> ErrorAsync(this NpgsqlConnection connection, string sql, CancellationToken ct) =>
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql, ct));
}

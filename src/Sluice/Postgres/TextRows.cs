using Npgsql;

namespace Sluice.Postgres;

/// <summary>Small results, as the server writes their values.</summary>
internal static class TextRows
{
    /// <summary>All rows of a query; NULL is null.</summary>
    public static async Task<List<string?[]>> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var row = new string?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetString(i);
            }

            rows.Add(row);
        }

        return rows;
    }
}

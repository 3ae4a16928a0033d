using Npgsql;

namespace Sluice.ServerTests.Targets;

/// <summary>Rows as the server writes their values.</summary>
internal static class TargetRows
{
    public static async Task<IReadOnlyList<string[]>> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<string[]>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "<null>" : reader.GetString(i))]);
        }

        return rows;
    }
}

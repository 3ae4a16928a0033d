using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Sources.Redshift;

/// <summary>The columns that a query gives, by asking for none of its rows.</summary>
internal static class RedshiftQueryColumns
{
    /// <exception cref="SourceException">Two columns have one name.</exception>
    public static async Task<ImmutableArray<(string Name, RedshiftType Type)>> ReadAsync(NpgsqlConnection connection, string query, CancellationToken ct)
    {
        var described = new List<(string Name, uint Oid, int? Size, int? Precision, int? Scale)>();
        using (var command = new NpgsqlCommand($"SELECT * FROM ({query}) AS query LIMIT 0", connection) { AllResultTypesAreUnknown = true })
        {
            var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            await using var closing = reader.ConfigureAwait(false);
            foreach (var column in reader.GetColumnSchema())
            {
                described.Add((column.ColumnName, column.TypeOID, column.ColumnSize, column.NumericPrecision, column.NumericScale));
            }
        }

        if (described.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new SourceException($"The query has more than one column {Printable.Escape(twice.Key)}", "give them names with AS");
        }

        var columns = ImmutableArray.CreateBuilder<(string, RedshiftType)>();
        foreach (var (name, oid, size, precision, scale) in described)
        {
            var rows = await TextRows.ReadAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT format_type({oid}::oid, NULL)"), ct).ConfigureAwait(false);
            columns.Add((name, RedshiftType.Parse(WithModifier(rows is [[{ } type]] ? type : "", size, precision, scale))));
        }

        return columns.ToImmutable();
    }

    // An expression may have no length: then the longest.
    private static string WithModifier(string type, int? size, int? precision, int? scale) => type switch
    {
        "character varying" => string.Create(CultureInfo.InvariantCulture, $"character varying({(size is > 0 and <= 65_535 ? size : 65_535)})"),
        "character" => string.Create(CultureInfo.InvariantCulture, $"character({(size is > 0 and <= 4_096 ? size : 4_096)})"),
        "binary varying" or "varbyte" => "binary varying(1024000)",
        "numeric" when precision is > 0 => string.Create(CultureInfo.InvariantCulture, $"numeric({precision},{scale ?? 0})"),
        _ => type,
    };
}

using System.Globalization;
using Npgsql;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Runs;

/// <summary>
/// Compares a loaded table with a file of expected rows (PostgreSQL COPY text), in both directions and with duplicates counted.
/// The expected rows go into a temporary table: nothing stays behind.
/// </summary>
public static class Regression
{
    private const string ExpectedName = "\"sluice expected\"";
    private const string Expected = "pg_temp." + ExpectedName;
    private const int RowsShown = 3;

    /// <summary>Where pgloader keeps what <c>dir/x.load</c> is expected to give: <c>dir/regress/expected/x.out</c>.</summary>
    public static string ExpectedFile(string commandFile)
    {
        var path = Path.GetFullPath(commandFile);
        return Path.Combine(Path.GetDirectoryName(path) ?? "/", "regress", "expected", Path.GetFileNameWithoutExtension(path) + ".out");
    }

    /// <exception cref="SourceException">The file is missing or cannot be read.</exception>
    /// <exception cref="TargetException">The table is missing, or the file does not fit it.</exception>
    public static async Task<RegressionResult> CompareAsync(
        NpgsqlConnection connection, QualifiedName table, string expectedFile, CancellationToken ct)
    {
        var file = Open(expectedFile);
        await using (file.ConfigureAwait(false))
        {
            try
            {
                var transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    return await CompareAsync(connection, table, file, ct).ConfigureAwait(false);
                }
            }
            catch (PostgresException fault)
            {
                var where = fault.Where is null ? "" : $" ({fault.Where})";
                throw new TargetException($"{table} cannot be compared with {expectedFile}: {fault.MessageText}{where}", inner: fault);
            }
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(
                $"The file of expected rows {path} cannot be read: {fault.Message}", "write it with psql's \\copy ... to ...", fault);
        }
    }

    private static async Task<RegressionResult> CompareAsync(
        NpgsqlConnection connection, QualifiedName table, FileStream file, CancellationToken ct)
    {
        var name = Identifier.Quote(table);
        await ExecuteAsync(connection, $"create temporary table {ExpectedName} (like {name}) on commit drop", ct).ConfigureAwait(false);
        var columns = await ColumnsAsync(connection, name, ct).ConfigureAwait(false);
        await FillAsync(connection, file, ct).ConfigureAwait(false);
        var loaded = $"select {columns} from {name}";
        var expected = $"select {columns} from {Expected}";
        var missing = await DifferenceAsync(connection, expected, loaded, ct).ConfigureAwait(false);
        var unexpected = await DifferenceAsync(connection, loaded, expected, ct).ConfigureAwait(false);
        return new RegressionResult(table, missing.Count, unexpected.Count, missing.Rows, unexpected.Rows);
    }

    // Types without an equality operator are compared by their text.
    private static async Task<string> ColumnsAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        const string Sql = """
            select quote_ident(a.attname)
                   || case when (case t.typcategory when 'A' then t.typelem else t.oid end)::regtype::text
                                in ('json', 'xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle')
                             or t.typcategory = 'U' and not exists (select from pg_opclass o where o.opcdefault and o.opcintype = t.oid)
                           then '::text' else '' end
              from pg_attribute a join pg_type t on t.oid = a.atttypid
             where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
             order by a.attnum
            """;
        var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = name } } };
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var columns = new List<string>();
                while (await reader.ReadAsync(ct).ConfigureAwait(false))
                {
                    columns.Add(reader.GetString(0));
                }

                return string.Join(", ", columns);
            }
        }
    }

    private static async Task FillAsync(NpgsqlConnection connection, FileStream file, CancellationToken ct)
    {
        // Nothing is lost when a failed copy is committed by its dispose: the transaction around it never is.
        var writer = await connection.BeginTextImportAsync($"copy {Expected} from stdin", ct).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await file.CopyToAsync(writer.BaseStream, ct).ConfigureAwait(false);
        }
    }

    private static async Task<(long Count, IReadOnlyList<string> Rows)> DifferenceAsync(
        NpgsqlConnection connection, string these, string notThose, CancellationToken ct)
    {
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"select count(*) over (), row(d.*)::text from ({these} except all {notThose}) d limit {RowsShown}");
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var count = 0L;
                var rows = new List<string>();
                while (await reader.ReadAsync(ct).ConfigureAwait(false))
                {
                    count = reader.GetInt64(0);
                    rows.Add(reader.GetString(1));
                }

                return (count, rows);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
        }
    }
}

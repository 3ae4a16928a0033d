using Microsoft.Data.Sqlite;
using Sluice.Catalog;
using Sluice.Sources;
using Sluice.Sources.Sqlite;

namespace Sluice.Tests.Sources.Sqlite;

/// <summary>A database file made by SQL, gone on dispose.</summary>
internal sealed class SqliteTestFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-sqlite").FullName;

    public SqliteTestFile(string sql = "")
    {
        Path = System.IO.Path.Combine(_folder, "test.db");
        Execute(sql);
    }

    public string Path { get; }

    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False;Foreign Keys=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public async Task<DatabaseCatalog> CatalogAsync(CancellationToken ct)
    {
        await using var source = await SqliteSource.OpenAsync(Path, 1, ct);
        return await source.ReadCatalogAsync(ct);
    }

    /// <summary>The rows of a table, by a reader that wants text but where <paramref name="kinds"/> says otherwise.</summary>
    public async Task<CollectingRowWriter> ReadAsync(string table, CancellationToken ct, params (string Column, ReadColumnKind Kind)[] kinds)
    {
        await using var source = await SqliteSource.OpenAsync(Path, 1, ct);
        var model = (await source.ReadCatalogAsync(ct)).Tables.Single(found => found.Name.Name == table);
        var rows = new CollectingRowWriter();
        await using var reading = source.OpenTable(
            new TableReading
            {
                Table = model.Name,
                Columns = [.. model.Columns.Select(column => new ReadColumn(
                    column.Name, column.Name, kinds.FirstOrDefault(kind => kind.Column == column.Name).Kind, null))],
            },
            0);
        await reading.ReadAsync(Assert.Single(await reading.SplitAsync(ct)), rows, ct);
        return rows;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

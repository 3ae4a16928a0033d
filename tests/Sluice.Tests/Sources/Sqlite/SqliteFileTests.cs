using Microsoft.Data.Sqlite;
using Sluice.Diagnostics;
using Sluice.Sources.Sqlite;

namespace Sluice.Tests.Sources.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private readonly SqliteTestFile _file = new("CREATE TABLE t (a TEXT); INSERT INTO t VALUES (hex(randomblob(9000))), (hex(randomblob(9000)))");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_missing_file_is_said_and_not_created()
    {
        var path = _file.Path + ".none";
        Assert.Equal($"The SQLite database {path} does not exist", (await FailAsync(path)).Message);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_folder_is_said() =>
        Assert.EndsWith("is a folder, not a SQLite database", (await FailAsync(Path.GetDirectoryName(_file.Path)!)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("id,name\n1,x\n")]
    [InlineData("SQLite format 3")]
    public async Task Another_kind_of_file_is_said(string text)
    {
        await File.WriteAllTextAsync(_file.Path, text, Ct);
        Assert.Equal($"{_file.Path} is not a SQLite database, or it is encrypted", (await FailAsync(_file.Path)).Message);
    }

    [Fact]
    public async Task Random_bytes_are_taken_for_an_encrypted_database()
    {
        var bytes = new byte[8192];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(_file.Path, bytes, Ct);
        Assert.Contains("encrypted", (await FailAsync(_file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_cut_off_is_said_with_its_length()
    {
        var whole = new FileInfo(_file.Path).Length;
        await using (var stream = new FileStream(_file.Path, FileMode.Open))
        {
            stream.SetLength(whole - 4096);
        }

        Assert.Equal($"The SQLite database {_file.Path} is cut off: it has {whole - 4096} of its {whole} bytes", (await FailAsync(_file.Path)).Message);
    }

    [Fact]
    public async Task A_file_that_is_cut_off_anywhere_fails_in_a_user_s_words()
    {
        var bytes = await File.ReadAllBytesAsync(_file.Path, Ct);
        for (var length = 1; length < bytes.Length; length += 997)
        {
            await File.WriteAllBytesAsync(_file.Path, bytes[..length], Ct);
            await FailAsync(_file.Path);
        }
    }

    [Fact]
    public async Task An_empty_file_is_an_empty_database()
    {
        await File.WriteAllBytesAsync(_file.Path, [], Ct);
        Assert.Empty((await _file.CatalogAsync(Ct)).Tables);
    }

    [Fact]
    public async Task Several_readers_see_one_point_in_time()
    {
        _file.Execute("PRAGMA journal_mode = WAL");
        await using var source = await SqliteSource.OpenAsync(_file.Path, 3, Ct);
        Assert.Equal(3, source.Readers);
        _file.Execute("INSERT INTO t VALUES ('later')");
        for (var reader = 0; reader < 3; reader++)
        {
            var rows = new CollectingRowWriter();
            await using var table = source.OpenTable(new() { Table = new(null, "t"), Columns = [new("a", "a", default, null)] }, reader);
            await table.ReadAsync((await table.SplitAsync(Ct))[0], rows, Ct);
            Assert.Equal(2, rows.Rows.Count);
        }
    }

    [Fact]
    public async Task While_another_program_writes_there_is_one_reader()
    {
        using var writer = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
        writer.Open();
        using var command = writer.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE; INSERT INTO t VALUES ('not yet')";
        command.ExecuteNonQuery();
        await using var source = await SqliteSource.OpenAsync(_file.Path, 3, Ct);
        Assert.Equal((1, "one point in time: one reader, one transaction (the database cannot be locked for more)"), (source.Readers, source.Consistency));
        Assert.Single((await source.ReadCatalogAsync(Ct)).Tables);
    }

    [Fact]
    public async Task Nothing_is_written_into_a_database_that_is_read()
    {
        using var writer = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
        writer.Open();
        using var command = writer.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; INSERT INTO t VALUES ('logged')";
        command.ExecuteNonQuery();
        var before = await File.ReadAllBytesAsync(_file.Path, Ct);
        Assert.Equal(3, (await _file.ReadAsync("t", Ct)).Rows.Count);
        Assert.Equal(before, await File.ReadAllBytesAsync(_file.Path, Ct));
    }

    [Fact]
    public async Task A_damaged_page_ends_the_table_with_what_was_read()
    {
        _file.Execute("CREATE TABLE many (a INTEGER PRIMARY KEY, b TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO many SELECT i, hex(randomblob(50)) FROM n");
        await using (var stream = new FileStream(_file.Path, FileMode.Open))
        {
            stream.Position = stream.Length / 2 / 4096 * 4096;
            await stream.WriteAsync(new byte[4096], Ct);
        }

        await using var source = await SqliteSource.OpenAsync(_file.Path, 1, Ct);
        var rows = new CollectingRowWriter();
        await using var table = source.OpenTable(new() { Table = new(null, "many"), Columns = [new("a", "a", default, null)] }, 0);
        var unit = (await table.SplitAsync(Ct))[0];
        var fault = await Assert.ThrowsAsync<SourceException>(() => table.ReadAsync(unit, rows, Ct));
        Assert.Equal($"{_file.Path}, table many: the database is damaged: database disk image is malformed", fault.Message);
        Assert.InRange(rows.Rows.Count, 1, 4999);
    }

    private static async Task<SourceException> FailAsync(string path) => await Assert.ThrowsAsync<SourceException>(async () =>
    {
        await using var source = await SqliteSource.OpenAsync(path, 1, Ct);
        await source.ReadCatalogAsync(Ct);
    });
}

using System.Text;
using Npgsql;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Postgres;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Postgres;

public sealed class CopyStreamTests(PostgresServer server)
{
    private static readonly QualifiedName Table = new(null, "t");
    private static readonly string[] Columns = ["a", "b"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RowEncoding.CopyText)]
    [InlineData(RowEncoding.CopyBinary)]
    public async Task Completed_rows_are_kept(RowEncoding encoding)
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        await using (var copy = await CopyStream.BeginAsync(connection, Table, Columns, encoding, Ct))
        {
            await copy.WriteAsync(Row(encoding, 1, "x"), Ct);
            await copy.WriteAsync(Row(encoding, 2, "ü"), Ct);
            await copy.CompleteAsync(Ct);
        }

        Assert.Equal("1|x\n2|ü", await db.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
        Assert.Equal("usable", await connection.ScalarAsync("SELECT 'usable'", Ct));
    }

    [Theory]
    [InlineData(RowEncoding.CopyText, 1)]
    [InlineData(RowEncoding.CopyText, 100_000)]
    [InlineData(RowEncoding.CopyBinary, 1)]
    [InlineData(RowEncoding.CopyBinary, 100_000)]
    public async Task An_exception_midway_leaves_no_row_and_a_usable_connection(RowEncoding encoding, int rows)
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () =>
        {
            await using var copy = await CopyStream.BeginAsync(connection, Table, Columns, encoding, Ct);
            var row = Row(encoding, 1, "some text of a row");
            for (var i = 0; i < rows; i++)
            {
                await copy.WriteAsync(row, Ct);
            }

            throw new InvalidTimeZoneException();
        });
        Assert.Equal(0, await db.CountAsync("t", Ct));
        Assert.Equal("usable", await connection.ScalarAsync("SELECT 'usable'", Ct));
    }

    [Theory]
    [InlineData(RowEncoding.CopyText)]
    [InlineData(RowEncoding.CopyBinary)]
    public async Task A_refused_row_is_reported_at_the_end_and_nothing_is_kept(RowEncoding encoding)
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        var error = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var copy = await CopyStream.BeginAsync(connection, Table, Columns, encoding, Ct);
            await copy.WriteAsync(Row(encoding, 1, "x"), Ct);
            await copy.WriteAsync(Row(encoding, 1, "same key"), Ct);
            await copy.CompleteAsync(Ct);
        });
        Assert.Equal(ServerErrorKind.RowRefused, ServerError.Classify(error));
        Assert.Equal(2, CopyFault.Of(error, "t", Columns).Line);
        Assert.Equal(0, await db.CountAsync("t", Ct));
        Assert.Equal("usable", await connection.ScalarAsync("SELECT 'usable'", Ct));
    }

    [Fact]
    public async Task A_bad_value_names_line_and_column()
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        await using var copy = await CopyStream.BeginAsync(connection, Table, Columns, RowEncoding.CopyText, Ct);
        await copy.WriteAsync("1\tx\n2\ty\nthree\tz\n"u8.ToArray(), Ct);
        var error = await Assert.ThrowsAsync<PostgresException>(() => copy.CompleteAsync(Ct));
        Assert.Equal(new CopyFault(3, "a"), CopyFault.Of(error, "t", Columns));
    }

    [Fact]
    public async Task A_value_that_imitates_a_context_does_not_accuse_a_good_row()
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        await using var copy = await CopyStream.BeginAsync(connection, Table, Columns, RowEncoding.CopyText, Ct);
        await copy.WriteAsync("1\tx\nbad\\nCOPY t, line 1: \"\tz\n"u8.ToArray(), Ct);
        var error = await Assert.ThrowsAsync<PostgresException>(() => copy.CompleteAsync(Ct));
        Assert.Null(CopyFault.Of(error, "t", Columns).Line);
    }

    [Fact]
    public async Task A_row_trigger_is_not_taken_for_the_row()
    {
        await using var db = await TableAsync();
        await db.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NEW.a = 2 THEN
                RAISE EXCEPTION 'not two';
              END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE refuse();
            """,
            Ct);
        await using var connection = await db.Connector().OpenAsync(Ct);
        await using var copy = await CopyStream.BeginAsync(connection, Table, Columns, RowEncoding.CopyText, Ct);
        await copy.WriteAsync("1\tx\n2\ty\n3\tz\n"u8.ToArray(), Ct);
        var error = await Assert.ThrowsAsync<PostgresException>(() => copy.CompleteAsync(Ct));
        Assert.Equal(ServerErrorKind.RowRefused, ServerError.Classify(error));
        Assert.Equal(2, CopyFault.Of(error, "t", Columns).Line);
    }

    [Fact]
    public async Task A_strange_table_name_is_quoted_and_its_line_read()
    {
        await using var db = await server.CreateDatabaseAsync();
        await db.ExecuteAsync("CREATE TABLE \"a, line 3: \"\"x\" (\"the key\" int)", Ct);
        await using var connection = await db.Connector().OpenAsync(Ct);
        await using var copy = await CopyStream.BeginAsync(connection, new(null, "a, line 3: \"x"), ["the key"], RowEncoding.CopyText, Ct);
        await copy.WriteAsync("1\nz\n"u8.ToArray(), Ct);
        var error = await Assert.ThrowsAsync<PostgresException>(() => copy.CompleteAsync(Ct));
        Assert.Equal(new CopyFault(2, "the key"), CopyFault.Of(error, "a, line 3: \"x", ["the key"]));
    }

    [Fact]
    public async Task Cancelling_keeps_nothing()
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await using var copy = await CopyStream.BeginAsync(connection, Table, Columns, RowEncoding.CopyText, Ct);
            await copy.WriteAsync(Row(RowEncoding.CopyText, 1, "x"), Ct);
            await cancel.CancelAsync();
            await copy.CompleteAsync(cancel.Token);
        });
        Assert.Equal(0, await db.CountAsync("t", Ct));
    }

    [Fact]
    public async Task A_killed_session_keeps_nothing_and_counts_as_lost()
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        var error = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var copy = await CopyStream.BeginAsync(connection, Table, Columns, RowEncoding.CopyText, Ct);
            await copy.WriteAsync(Row(RowEncoding.CopyText, 1, "x"), Ct);
            await db.KillBackendAsync(connection.ProcessID, Ct);
            await copy.CompleteAsync(Ct);
        });
        Assert.Equal(ServerErrorKind.ConnectionLost, ServerError.Classify(error));
        Assert.Equal(0, await db.CountAsync("t", Ct));
    }

    [Fact]
    public async Task A_killed_session_is_disposed_without_a_further_error()
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        var copy = await CopyStream.BeginAsync(connection, Table, Columns, RowEncoding.CopyText, Ct);
        await db.KillBackendAsync(connection.ProcessID, Ct);
        await copy.DisposeAsync();
        Assert.Equal(0, await db.CountAsync("t", Ct));
    }

    private static byte[] Row(RowEncoding encoding, int a, string b)
    {
        var text = Encoding.UTF8.GetBytes(b);
        return encoding == RowEncoding.CopyText
            ? [.. Encoding.UTF8.GetBytes($"{a}\t"), .. text, (byte)'\n']
            : [0, 2, 0, 0, 0, 4, 0, 0, (byte)(a >> 8), (byte)a, 0, 0, 0, (byte)text.Length, .. text];
    }

    private async Task<TestDatabase> TableAsync()
    {
        var db = await server.CreateDatabaseAsync();
        await db.ExecuteAsync("CREATE TABLE t (a int PRIMARY KEY, b text)", Ct);
        return db;
    }
}

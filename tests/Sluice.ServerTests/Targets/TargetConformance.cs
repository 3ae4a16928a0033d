using System.Text;
using System.Threading.Channels;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.ServerTests.Servers;
using Sluice.Targets;

namespace Sluice.ServerTests.Targets;

/// <summary>What a target whose batches are final promises to the runs: steps are whole, batches are whole, refusals name their row, outcomes are known.</summary>
public abstract class TargetConformance(PostgresServer server)
{
    private static readonly QualifiedName Table = new("public", "t");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<ITarget> OpenAsync(TestDatabase database, CancellationToken ct);

    [Fact]
    public async Task It_connects_and_says_where_it_is_without_a_secret()
    {
        await using var database = await DatabaseAsync();
        await using var target = await OpenAsync(database, Ct);
        Assert.Equal(database.Name, target.Database);
        Assert.NotEmpty(target.Features.ServerKind);
        Assert.True(target.Server.Version > 0);
        Assert.Contains(database.Name, target.Display, StringComparison.Ordinal);
        Assert.DoesNotContain("://", target.Display, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_table_is_a_target_error()
    {
        await using var database = await DatabaseAsync();
        await using var target = await OpenAsync(database, Ct);
        await Assert.ThrowsAsync<TargetException>(() => target.ReadTableAsync(new QualifiedName(null, "nix"), Ct));
        Assert.Equal(["a", "b"], (await target.ReadTableAsync(Table, Ct)).LoadableColumns.Select(column => column.Name));
    }

    [Fact]
    public async Task A_step_is_done_as_a_whole_or_not_at_all()
    {
        await using var database = await DatabaseAsync();
        await using var target = await OpenAsync(database, Ct);
        await Assert.ThrowsAsync<TargetException>(() => target.ExecuteAsync(SqlStep.Of("step", ["INSERT INTO t VALUES (1)", "SELECT 1/0"]), Ct));
        Assert.Equal(0, await database.CountAsync("t", Ct));
        await target.ExecuteAsync(SqlStep.Of("step", ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"]), Ct);
        Assert.Equal(2, await database.CountAsync("t", Ct));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_batch_is_kept_by_commit_only_whichever_writer_sends_it(int writer)
    {
        await using var database = await DatabaseAsync();
        await using var target = await OpenAsync(database, Ct);
        await using var load = await LoadAsync(target);
        await using (var loader = load.OpenLoader(writer))
        {
            Assert.True(await loader.TryConnectAsync(Ct));
            await loader.BeginAsync(Ct);
            await loader.CopyAsync(await TextAsync("1\tx\n2\ty\n"), Ct);
            Assert.Equal(0, await database.CountAsync("t", Ct));
            await loader.CommitAsync(beginNext: true, Ct);
            Assert.Equal(target.Features.BatchesAreFinal ? 2 : 0, await database.CountAsync("t", Ct));
            await loader.BeginAsync(Ct);
            await loader.CopyAsync(await TextAsync("3\tz\n"), Ct);
            await loader.RollbackAsync(Ct);
            await loader.BeginAsync(Ct);
            await loader.CopyAsync(await TextAsync("4\tz\n"), Ct);
        }

        await load.CompleteAsync((rejection, _) => Assert.Fail(rejection.Message), Ct);
        Assert.Equal("1\n2", await database.QueryAsync("SELECT a FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task Binary_rows_are_taken_where_the_features_say_so()
    {
        await using var database = await DatabaseAsync();
        await using var target = await OpenAsync(database, Ct);
        Assert.SkipUnless(target.Features.Binary, "the target takes text only");
        await using var load = await LoadAsync(target);
        await using var loader = load.OpenLoader(0);
        await loader.BeginAsync(Ct);
        var rows = await RowsAsync("7\tx\n8\t\\N\n", textOnly: false);
        Assert.Equal(RowEncoding.CopyBinary, rows.Encoding);
        await loader.CopyAsync(rows, Ct);
        await loader.CommitAsync(beginNext: false, Ct);
        Assert.Equal("7|x\n8|\\N", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
    }

    [Theory]
    [InlineData("1\tx\nbad\ty\n3\tz\n", 1, "22P02")]
    [InlineData("1\tx\n2\ty\n1\tz\n", 2, "23505")]
    public async Task A_refusal_names_its_row_and_a_guarded_one_leaves_the_transaction_usable(string rows, int row, string state)
    {
        await using var database = await DatabaseAsync();
        await using var target = await OpenAsync(database, Ct);
        await using var load = await LoadAsync(target);
        await using var loader = load.OpenLoader(0);
        await loader.BeginAsync(Ct);
        var refused = await Assert.ThrowsAsync<RowsRefusedException>(async () => await loader.CopyAsync(await TextAsync(rows), Ct));
        Assert.Equal((row, state), (refused.Refusal.Row, refused.Refusal.SqlState));
        await loader.RollbackAsync(Ct);
        await loader.BeginAsync(Ct);
        await loader.CopyGuardedAsync(await TextAsync("10\tx\n"), checkDeferred: false, Ct);
        await Assert.ThrowsAsync<RowsRefusedException>(async () => await loader.CopyGuardedAsync(await TextAsync(rows), checkDeferred: false, Ct));
        await loader.CopyGuardedAsync(await TextAsync("11\ty\n"), checkDeferred: false, Ct);
        await loader.CommitAsync(beginNext: false, Ct);
        Assert.Equal("10\n11", await database.QueryAsync("SELECT a FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task Truncate_can_be_rolled_back_where_the_features_say_so()
    {
        await using var database = await DatabaseAsync();
        await database.ExecuteAsync("INSERT INTO t VALUES (1)", Ct);
        await using (var target = await OpenAsync(database, Ct))
        {
            Assert.SkipUnless(target.Features.TransactionalTruncate, "TRUNCATE commits on this target");
            await target.BeginSingleTransactionAsync(Ct);
            await target.ExecuteAsync(SqlStep.Of("Truncate", ["TRUNCATE t"]), Ct);
        }

        Assert.Equal(1, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task Indexes_and_enforced_keys_are_there_as_the_features_say()
    {
        await using var database = await DatabaseAsync();
        await using var target = await OpenAsync(database, Ct);
        var table = await target.ReadTableAsync(Table, Ct);
        Assert.Equal(target.Features.Indexes, !table.Indexes.IsEmpty);
        var insert = SqlStep.Of("twice", ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)"]);
        var failure = await Record.ExceptionAsync(() => target.ExecuteAsync(insert, Ct));
        Assert.Equal(target.Features.EnforcedKeys, failure is TargetException);
    }

    [Fact]
    public async Task Triggers_are_kept_quiet_where_the_features_say_so()
    {
        await using var database = await DatabaseAsync();
        await using var target = await OpenAsync(database, Ct);
        Assert.SkipUnless(target.Features.Triggers, "the target has no triggers");
        Assert.NotEmpty(await target.DisableTriggersSqlAsync(Ct));
    }

    [Fact]
    public async Task The_outcome_of_a_transaction_whose_connection_is_lost_is_known()
    {
        await using var database = await DatabaseAsync();
        await using var target = await OpenAsync(database, Ct);
        await using var load = await LoadAsync(target);
        await using var loader = load.OpenLoader(1);
        await loader.BeginAsync(Ct);
        await loader.CopyAsync(await TextAsync("1\tx\n"), Ct);
        await database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice' AND state = 'idle in transaction'", Ct);
        await Assert.ThrowsAsync<ConnectionLostException>(() => loader.CommitAsync(beginNext: false, Ct));
        Assert.False(await loader.WasCommittedAsync(Ct));
        await loader.BeginAsync(Ct);
        await loader.CopyAsync(await TextAsync("1\tx\n"), Ct);
        await loader.CommitAsync(beginNext: false, Ct);
        Assert.Equal(1, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task Rows_that_a_trigger_keeps_out_are_counted_when_asked()
    {
        await using var database = await DatabaseAsync();
        await database.ExecuteAsync("""
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.a = 2 THEN RETURN NULL; END IF; RETURN new; END $$;
            CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE f()
            """, Ct);
        await using var target = await OpenAsync(database, Ct);
        Assert.SkipUnless(target.Features.Triggers, "the target has no triggers");
        await using var load = await LoadAsync(target, countsRows: true);
        await using var loader = load.OpenLoader(0);
        await loader.BeginAsync(Ct);
        await loader.CopyAsync(await TextAsync("1\tx\n2\ty\n3\tz\n"), Ct);
        await loader.CommitAsync(beginNext: false, Ct);
        Assert.Equal(2, loader.InsertedRows);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    public async Task A_single_transaction_keeps_steps_and_rows_together(bool isCommitted, int rows)
    {
        await using var database = await DatabaseAsync();
        await using (var target = await OpenAsync(database, Ct))
        {
            await target.BeginSingleTransactionAsync(Ct);
            await target.ExecuteAsync(SqlStep.Of("step", ["INSERT INTO t VALUES (1)"]), Ct);
            await using var load = await LoadAsync(target);
            await using var loader = load.OpenLoader(0);
            await loader.BeginAsync(Ct);
            await loader.CopyAsync(await TextAsync("2\tx\n"), Ct);
            await loader.CommitAsync(beginNext: false, Ct);
            Assert.Equal(0, await database.CountAsync("t", Ct));
            if (isCommitted)
            {
                await target.CommitSingleTransactionAsync(Ct);
            }
        }

        Assert.Equal(rows, await database.CountAsync("t", Ct));
    }

    private static async Task<ITableLoad> LoadAsync(ITarget target, bool countsRows = false)
    {
        var table = await target.ReadTableAsync(Table, Ct);
        return await target.OpenTableAsync(
            new TableLoadSettings { Table = table, Columns = ["a", "b"], CountRowsOf = countsRows ? table.Oid : null, Writers = 2 }, Ct);
    }

    private static Task<RowRange> TextAsync(string lines) => RowsAsync(lines, textOnly: true);

    // Lines of COPY text, as a batch of a source would hold them.
    private static async Task<RowRange> RowsAsync(string lines, bool textOnly)
    {
        var full = Channel.CreateUnbounded<RowBatch>();
        using var rows = await CopyRowWriter.CreateAsync(
            new CopyRowWriterOptions
            {
                Columns = [new ColumnEncoding("a", BinaryType.Int4), new ColumnEncoding("b", BinaryType.Text)],
                Pool = new BatchPool(4, 1 << 16),
                Full = full.Writer,
                Rejects = new NoRejects(),
                Counted = (_, _, _) => { },
                BatchBytes = 1 << 16,
                BatchRows = 1000,
                MaxRowBytes = 1 << 16,
                PreserveOrder = true,
                TextOnly = textOnly,
            },
            Ct);
        foreach (var (line, number) in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => (line, i)))
        {
            foreach (var field in line.Split('\t'))
            {
                if (field == "\\N")
                {
                    rows.WriteNull();
                }
                else
                {
                    rows.WriteText(Encoding.UTF8.GetBytes(field));
                }
            }

            Assert.False(rows.EndRow(new RowOrigin(0, number + 1, -1)));
        }

        await rows.CompleteAsync(Ct);
        Assert.True(full.Reader.TryRead(out var batch));
        return new RowRange(batch, 0, batch.RowCount);
    }

    private async Task<TestDatabase> DatabaseAsync()
    {
        var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int PRIMARY KEY, b text)", Ct);
        return database;
    }

    private sealed class NoRejects : IRejectSink
    {
        public void RejectRecord(Rejection rejection, ReadOnlySpan<byte> source) => Assert.Fail(rejection.Message);

        public void RejectRow(Rejection rejection, ReadOnlySpan<byte> copyText) => Assert.Fail(rejection.Message);
    }
}

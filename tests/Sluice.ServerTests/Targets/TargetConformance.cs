using System.Text;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.ServerTests.Targets;

/// <summary>
/// What every target promises to the runs, and every load to its user. A fact asks the target's features what to expect, never what server it is.
/// </summary>
public abstract partial class TargetConformance
{
    private const string Columns = "id integer NOT NULL, note varchar(60)";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A place of its own for one test; the table is not there yet.</summary>
    protected abstract Task<TargetSite> OpenAsync(CancellationToken ct);

    [Fact]
    public async Task It_connects_and_says_where_it_is_without_a_secret()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        await target.PrepareAsync(Ct);
        Assert.NotEmpty(target.Features.ServerKind);
        Assert.True(target.Server.Version > 0);
        Assert.Equal((await site.QueryAsync("SELECT current_database(), current_user", Ct))[0], $"{target.Database}|{target.Server.Role}");
        Assert.Contains(target.Database, target.Display, StringComparison.Ordinal);
        Assert.DoesNotContain("://", target.Display, StringComparison.Ordinal);
        Assert.DoesNotContain(site.Password ?? "://", target.Display, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_read_as_it_is_and_a_missing_one_is_a_target_error()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        var table = await target.ReadTableAsync(Name(site), Ct);
        Assert.Equal(["id", "note"], table.LoadableColumns.Select(column => column.Name));
        Assert.Equal([true, false], table.LoadableColumns.Select(column => column.IsNotNull));
        Assert.Equal(table.Name, (await target.ReadTableAsync(new QualifiedName(null, site.Table), Ct)).Name);
        await Assert.ThrowsAsync<TargetException>(() => target.ReadTableAsync(new QualifiedName(null, site.Table + "_none"), Ct));
    }

    [Fact]
    public async Task A_step_is_done_as_a_whole_or_not_at_all()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        string[] failing = [Insert(site, 1), "SELECT 1/0"];
        await Assert.ThrowsAsync<TargetException>(() => target.ExecuteAsync(SqlStep.Of("step", failing), Ct));
        await Assert.ThrowsAsync<TargetException>(() => target.ExecuteTogetherAsync("step", failing, Ct));
        Assert.Empty(await site.RowsAsync("id", Ct));
        await target.ExecuteAsync(SqlStep.Of("step", [Insert(site, 1), Insert(site, 2)]), Ct);
        await target.ExecuteTogetherAsync("step", [Insert(site, 3), Insert(site, 4)], Ct);
        Assert.Equal(["1", "2", "3", "4"], await site.RowsAsync("id", Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Statements_that_run_each_for_itself_stay_when_a_later_one_fails(bool apart)
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        var failure = await Assert.ThrowsAsync<TargetException>(() => target.ExecuteEachAsync("the title", [Insert(site, 1), "SELECT 1/0", Insert(site, 2)], apart, Ct));
        Assert.Contains("the title", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["1"], await site.RowsAsync("id", Ct));
    }

    [Fact]
    public async Task Sessions_are_of_their_own_and_see_the_same_tables()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        await using var session = target.OpenSession();
        await target.BeginSingleTransactionAsync(Ct);
        await target.ExecuteAsync(SqlStep.Of("step", [Insert(site, 1)]), Ct);
        var count = $"SELECT count(*), max(note) FROM {site.Table}";
        Assert.Equal(["0", null], Assert.Single(await session.QueryAsync("count", count, Ct)));
        await target.CommitSingleTransactionAsync(Ct);
        Assert.Equal(["1", "x"], Assert.Single(await session.QueryAsync("count", count, Ct)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_batch_is_kept_by_commit_only_whichever_writer_sends_it(int writer)
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        await using var load = await LoadAsync(site, target);
        await using (var loader = load.OpenLoader(writer))
        {
            Assert.True(await loader.TryConnectAsync(Ct));
            await loader.BeginAsync(Ct);
            await loader.CopyAsync(await TextAsync("1\tx\n2\ty\n"), Ct);
            Assert.Empty(await site.RowsAsync("id", Ct));
            await loader.CommitAsync(beginNext: true, Ct);
            Assert.Equal(target.Features.BatchesAreFinal ? ["1", "2"] : [], await site.RowsAsync("id", Ct));
            await loader.BeginAsync(Ct);
            await loader.CopyAsync(await TextAsync("3\tz\n"), Ct);
            await loader.RollbackAsync(Ct);
            await loader.BeginAsync(Ct);
            await loader.CopyAsync(await TextAsync("4\tz\n"), Ct);
            await loader.CommitAsync(beginNext: false, Ct);
            await loader.BeginAsync(Ct);
            await loader.CopyAsync(await TextAsync("5\tz\n"), Ct);
        }

        await CompleteAsync(load);
        Assert.Equal(["1", "2", "4"], await site.RowsAsync("id", Ct));
    }

    [Fact]
    public async Task Writers_work_side_by_side_and_all_of_their_rows_arrive()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        await using var load = await LoadAsync(site, target);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(async () =>
        {
            await using var loader = load.OpenLoader(writer);
            for (var batch = 0; batch < 5; batch++)
            {
                await loader.BeginAsync(Ct);
                await loader.CopyAsync(await TextAsync($"{(batch * 2) + writer}\t\n"), Ct);
                await loader.CommitAsync(beginNext: batch < 4, Ct);
            }
        })));
        await CompleteAsync(load);
        Assert.Equal(Enumerable.Range(0, 10).Select(id => $"{id}|"), await site.RowsAsync("id, note", Ct));
    }

    [Fact]
    public async Task A_load_that_is_abandoned_leaves_what_is_final_and_no_more()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        await using (var load = await LoadAsync(site, target))
        {
            await using var loader = load.OpenLoader(0);
            await loader.BeginAsync(Ct);
            await loader.CopyAsync(await TextAsync("1\tx\n"), Ct);
            await loader.CommitAsync(beginNext: false, Ct);
        }

        Assert.Equal(target.Features.BatchesAreFinal ? ["1"] : [], await site.RowsAsync("id", Ct));
    }

    [Theory]
    [InlineData("bad\ty", 1, "22P02")]
    [InlineData("99999999999\ty", 1, "22003")]
    [InlineData("2\tyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", 1, "22001")]
    [InlineData("\\N\ty", 1, "23502")]
    public async Task A_refusal_names_its_row_and_a_guarded_one_leaves_the_transaction_usable(string bad, int row, string state)
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        await using var load = await LoadAsync(site, target);
        await using (var loader = load.OpenLoader(0))
        {
            var rows = $"1\tx\n{bad}\n3\tz\n";
            await loader.BeginAsync(Ct);
            var refused = await Assert.ThrowsAsync<RowsRefusedException>(async () => await loader.CopyAsync(await TextAsync(rows), Ct));
            Assert.Equal((row, state), (refused.Refusal.Row, refused.Refusal.SqlState));
            await loader.RollbackAsync(Ct);
            await loader.BeginAsync(Ct);
            var batch = await TextAsync($"10\tx\n{bad}\n11\ty\n");
            await loader.CopyGuardedAsync(new RowRange(batch.Batch, 0, 1), checkDeferred: false, Ct);
            await Assert.ThrowsAsync<RowsRefusedException>(() => loader.CopyGuardedAsync(new RowRange(batch.Batch, 1, 2), checkDeferred: false, Ct));
            await loader.CopyGuardedAsync(new RowRange(batch.Batch, 2, 1), checkDeferred: false, Ct);
            await loader.CommitAsync(beginNext: false, Ct);
        }

        await CompleteAsync(load);
        Assert.Equal(["10", "11"], await site.RowsAsync("id", Ct));
    }

    [Fact]
    public async Task What_only_the_server_can_judge_is_refused_once_at_the_latest_when_the_load_completes()
    {
        await using var site = await OpenAsync("id integer NOT NULL, day date");
        await using var target = await site.ConnectAsync(Ct);
        await using var load = await LoadAsync(site, target, ["id", "day"]);
        var batch = await EncodedRows.OfAsync(
            "1\t2024-02-29\n2\tno such day\n3\t2024-03-01\n", isBinary: false, Ct, new ColumnEncoding("id", BinaryType.Int4), new ColumnEncoding("day", BinaryType.Date));
        var refused = new List<string>();
        await using (var loader = load.OpenLoader(0))
        {
            await loader.BeginAsync(Ct);
            for (var row = 0; row < batch.Count; row++)
            {
                try
                {
                    await loader.CopyGuardedAsync(new RowRange(batch.Batch, row, 1), checkDeferred: false, Ct);
                }
                catch (RowsRefusedException)
                {
                    refused.Add(Encoding.UTF8.GetString(batch.Batch.Rows(row, 1).Span));
                }
            }

            await loader.CommitAsync(beginNext: false, Ct);
        }

        await load.CompleteAsync((_, row) => refused.Add(Encoding.UTF8.GetString(row)), Ct);
        Assert.Equal("2\tno such day", Assert.Single(refused).TrimEnd('\n'));
        Assert.Equal(["1|2024-02-29", "3|2024-03-01"], await site.RowsAsync("id, day", Ct));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_single_transaction_keeps_steps_and_rows_together(bool isCommitted)
    {
        await using var site = await OpenAsync(Columns);
        await using (var target = await site.ConnectAsync(Ct))
        {
            await target.PrepareAsync(Ct);
            var table = await target.ReadTableAsync(Name(site), Ct);
            await target.BeginSingleTransactionAsync(Ct);
            await target.ExecuteAsync(SqlStep.Of("step", [Insert(site, 1)]), Ct);
            await using var load = await target.OpenTableAsync(new TableLoadSettings { Table = table, Columns = ["id", "note"] }, Ct);
            await using (var loader = load.OpenLoader(0))
            {
                await loader.BeginAsync(Ct);
                await loader.CopyAsync(await TextAsync("2\tx\n"), Ct);
                await loader.CommitAsync(beginNext: true, Ct);
                await loader.BeginAsync(Ct);
                await Assert.ThrowsAsync<RowsRefusedException>(async () => await loader.CopyAsync(await TextAsync("bad\tx\n"), Ct));
                await loader.RollbackAsync(Ct);
            }

            await CompleteAsync(load);
            Assert.Empty(await site.RowsAsync("id", Ct));
            if (isCommitted)
            {
                await target.CommitSingleTransactionAsync(Ct);
            }
        }

        Assert.Equal(isCommitted ? ["1", "2"] : [], await site.RowsAsync("id", Ct));
    }

    private static QualifiedName Name(TargetSite site) => new("public", site.Table);

    private static string Insert(TargetSite site, int id) => $"INSERT INTO {site.Table} VALUES ({id}, 'x')";

    private static Task<RowRange> TextAsync(string lines) => EncodedRows.OfAsync(lines, isBinary: false, Ct);

    private static Task CompleteAsync(ITableLoad load) => load.CompleteAsync((rejection, _) => Assert.Fail(rejection.Message), Ct);

    private static async Task<ITableLoad> LoadAsync(TargetSite site, ITarget target, params string[] columns)
    {
        var table = await target.ReadTableAsync(Name(site), Ct);
        return await target.OpenTableAsync(new TableLoadSettings { Table = table, Columns = columns.Length > 0 ? [.. columns] : ["id", "note"], Writers = 2 }, Ct);
    }

    private async Task<TargetSite> OpenAsync(string columns)
    {
        var site = await OpenAsync(Ct);
        await site.ExecuteAsync($"CREATE TABLE {site.Table} ({columns})", Ct);
        return site;
    }
}

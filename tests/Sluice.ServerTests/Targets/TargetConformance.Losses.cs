using System.Globalization;
using Sluice.Diagnostics;
using Sluice.ServerTests.Servers;
using Sluice.Targets;

namespace Sluice.ServerTests.Targets;

/// <content>Connections that break, cut on their way to the server: each row is loaded once, or the load says what it did.</content>
public abstract partial class TargetConformance
{
    private const int Many = 100;

    public static TheoryData<Loss> Losses => [.. Enum.GetValues<Loss>()];

    private static string ManyRows => string.Concat(Enumerable.Range(1, Many).Select(id => $"{id.ToString(CultureInfo.InvariantCulture)},x\n"));

    private static string[] ManyIds => [.. Enumerable.Range(1, Many).Select(id => id.ToString(CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_batch_whose_connection_is_lost_is_loaded_exactly_once(Loss loss)
    {
        await using var site = await OpenAsync(Columns);
        site.Lose(loss);
        await using var target = await site.ConnectAsync(Ct);
        await using var load = await LoadAsync(site, target);
        await using (var loader = load.OpenLoader(1))
        {
            await SendAsync(loader, "1\tx\n2\ty\n");
            await SendAsync(loader, "3\tz\n");
        }

        await CompleteAsync(load);
        Assert.True(site.HasLost);
        Assert.Equal(["1", "2", "3"], await site.RowsAsync("id", Ct));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_load_whose_connection_is_lost_has_each_row_once_and_says_so(Loss loss)
    {
        await using var site = await OpenAsync(Columns);
        site.Lose(loss);
        var result = await LoadsAsync(site, ManyRows, "batch rows = 40");
        Assert.True(site.HasLost);
        Assert.Equal((Many, Many), ((int)Total(result, line => line.Read), (int)Total(result, line => line.Loaded)));
        Assert.Equal(ManyIds.Order(StringComparer.Ordinal), (await site.RowsAsync("id", Ct)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Bad_rows_are_set_aside_once_when_the_connection_is_lost(Loss loss)
    {
        await using var site = await OpenAsync(Columns);
        site.Lose(loss);
        var result = await site.LoadAsync(ManyRows + "bad,x\n" + ",y\n", "batch rows = 40", "", "", Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected && site.HasLost, site.Everything);
        Assert.Equal(["\\N\ty", "bad\tx"], Sorted(site.Rejects));
        Assert.Equal(Many, (await site.RowsAsync("id", Ct)).Distinct().Count());
        Assert.Equal(Many, (await site.RowsAsync("id", Ct)).Count);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_single_transaction_whose_connection_is_lost_is_there_or_not_as_it_says(Loss loss)
    {
        await using var site = await OpenAsync(Columns);
        site.Lose(loss);
        var result = await site.LoadAsync(ManyRows, "single transaction, batch rows = 40", "", "", Ct);
        Assert.True(site.HasLost, site.Everything);
        var rows = await site.RowsAsync("id", Ct);
        Assert.Equal(loss == Loss.AfterCommit ? Many : 0, rows.Count);
        if (result.ExitCode == ExitCode.Success)
        {
            Assert.Equal(Loss.AfterCommit, loss);
            return;
        }

        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        var said = Assert.Single(result.Failures);
        Assert.True(said.Message.Contains("single transaction", StringComparison.Ordinal), site.Everything);
        var isKnown = said.Message.Contains("nothing was loaded", StringComparison.Ordinal);
        Assert.True(loss != Loss.AfterCommit || !isKnown, said.Message);
        Assert.True(isKnown || $"{said.Message} {said.Hint}".Contains("all rows", StringComparison.Ordinal), $"{said.Message} {said.Hint}");
    }

    // As the runs do it.
    private static async Task SendAsync(ITableLoader loader, string rows)
    {
        const int Attempts = 5;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await loader.BeginAsync(Ct);
                await loader.CopyAsync(await TextAsync(rows), Ct);
                await loader.CommitAsync(beginNext: false, Ct);
                return;
            }
            catch (ConnectionLostException) when (attempt < Attempts)
            {
                if (await loader.WasCommittedAsync(Ct))
                {
                    return;
                }
            }
            catch (BatchRetryException) when (attempt < Attempts)
            {
                await loader.RollbackAsync(Ct);
            }
        }
    }
}

using Microsoft.Data.Sqlite;
using Sluice.Diagnostics;
using Sluice.Sources;
using Sluice.Sources.Sqlite;

namespace Sluice.Tests.Sources.Sqlite;

/// <summary>One point in time for all readers, whatever others write meanwhile.</summary>
public sealed class SqliteSnapshotTests : IDisposable
{
    private const string Shared = "one point in time: the readers share a snapshot";

    private readonly SqliteTestFile _file = new(
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE a (id INTEGER PRIMARY KEY, v INT NOT NULL);
        CREATE TABLE b (id INTEGER PRIMARY KEY, v INT NOT NULL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) INSERT INTO a SELECT i, 100 FROM n;
        INSERT INTO b SELECT id, 100 FROM a;
        """);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Money_that_moves_between_accounts_is_neither_lost_nor_doubled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var keepsLog = Connect();
        var transfers = 0;
        var moved = new TaskCompletionSource();
        var bank = Task.Run(() => TransferAsync(stop.Token), Ct);
        await moved.Task.WaitAsync(Ct);
        for (var round = 0; round < 8; round++)
        {
            await using var source = await SqliteSource.OpenAsync(_file.Path, 3, Ct);
            Assert.Equal((3, Shared), (source.Readers, source.Consistency));
            await source.ReadCatalogAsync(Ct);
            var before = Volatile.Read(ref transfers);

            // The readers go on only after more was transferred: what they see is not what is there.
            while (Volatile.Read(ref transfers) < before + 5)
            {
                Assert.False(bank.IsCompleted, bank.Exception?.Message);
                await Task.Delay(1, Ct);
            }

            var sums = await Task.WhenAll(SumAsync(source, "a", 0), SumAsync(source, "b", 1), SumAsync(source, "a", 2));
            Assert.Equal((12_000, sums[0]), (sums[0] + sums[1], sums[2]));
        }

        await stop.CancelAsync();
        await bank;

        void TransferAsync(CancellationToken ct)
        {
            using var connection = Connect();
            var random = new Random(1);
            while (!ct.IsCancellationRequested)
            {
                using var command = connection.CreateCommand();
                var amount = random.Next(1, 50);
                command.CommandText = $"BEGIN IMMEDIATE; UPDATE a SET v = v - {amount} WHERE id = {random.Next(1, 61)}; UPDATE b SET v = v + {amount} WHERE id = {random.Next(1, 61)}; COMMIT";
                command.ExecuteNonQuery();
                Interlocked.Increment(ref transfers);
                moved.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task A_snapshot_needs_no_lock()
    {
        using var writer = Connect();
        using var command = writer.CreateCommand();
        command.CommandText = "INSERT INTO a VALUES (900, 0); BEGIN IMMEDIATE; INSERT INTO a VALUES (901, 0)";
        command.ExecuteNonQuery();
        await using var source = await SqliteSource.OpenAsync(_file.Path, 2, Ct);
        Assert.Equal((2, Shared), (source.Readers, source.Consistency));
    }

    [Fact]
    public async Task Without_a_log_the_readers_begin_while_no_one_can_write()
    {
        _file.Execute("PRAGMA journal_mode = DELETE");
        await using var source = await SqliteSource.OpenAsync(_file.Path, 2, Ct);
        Assert.Equal((2, "one point in time: the readers began while no one could write"), (source.Readers, source.Consistency));
    }

    [Fact]
    public async Task A_file_that_stays_locked_is_said_after_a_while()
    {
        _file.Execute("PRAGMA journal_mode = DELETE");
        using var writer = Connect();
        using var command = writer.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        var fault = await Assert.ThrowsAsync<SourceException>(() => SqliteSource.OpenAsync(_file.Path, 2, TimeSpan.FromMilliseconds(300), Ct));
        Assert.Equal($"{_file.Path}: another program has kept the database locked for 0.3 seconds", fault.Message);
        Assert.Equal("load again when it is done", fault.Hint);
    }

    [Fact]
    public async Task Waiting_for_a_lock_can_be_given_up()
    {
        _file.Execute("PRAGMA journal_mode = DELETE");
        using var writer = Connect();
        using var command = writer.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var opening = SqliteSource.OpenAsync(_file.Path, 2, TimeSpan.FromMinutes(5), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    private static async Task<long> SumAsync(SqliteSource source, string table, int reader)
    {
        var sum = 0L;
        await using var reading = source.OpenTable(new TableReading { Table = new(null, table), Columns = [new("v", "v", default, null)], MaxUnits = 6 }, reader);
        foreach (var unit in await reading.SplitAsync(Ct))
        {
            var rows = new CollectingRowWriter();
            await reading.ReadAsync(unit, rows, Ct);
            sum += rows.Rows.Sum(row => long.Parse(row[0]!, System.Globalization.CultureInfo.InvariantCulture));
        }

        return sum;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
        connection.Open();
        return connection;
    }
}

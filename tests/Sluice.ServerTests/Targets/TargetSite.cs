using System.Text;
using Npgsql;
using Sluice.Commands;
using Sluice.Plans;
using Sluice.Runs;
using Sluice.ServerTests.Servers;
using Sluice.Targets;

namespace Sluice.ServerTests.Targets;

/// <summary>What differs between the servers that conformance is tested on.</summary>
public sealed record TargetSiteSettings
{
    public required string Uri { get; init; }

    /// <summary>A name that no other test has; names that begin with it belong to the test too.</summary>
    public required string Table { get; init; }

    /// <summary>Opens a session that Sluice takes no part in.</summary>
    public required Func<CancellationToken, Task<NpgsqlConnection>> OpenAsync { get; init; }

    /// <summary>WITH options of every load.</summary>
    public string Options { get; init; } = "";

    public Func<string, string?> Environment { get; init; } = _ => null;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The longest name, in bytes, that the server of the tests takes, where it is a stand-in that takes less than the real one.</summary>
    public int MostNameBytes { get; init; } = int.MaxValue;

    /// <summary>What loads left behind outside the database.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<string>>> LeftoversAsync { get; init; } = _ => Task.FromResult<IReadOnlyList<string>>([]);

    public required Func<ValueTask> CloseAsync { get; init; }
}

/// <summary>A place of one test's own on some server: reached by the target that is tested, looked at from outside.</summary>
public sealed class TargetSite(TargetSiteSettings settings) : IAsyncDisposable
{
    public static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-conformance-").FullName;
    private readonly RecordingLogger _logger = new();
    private LosingRelay? _relay;

    public string Table => settings.Table;

    public int MostNameBytes => settings.MostNameBytes;

    public string? Password => new Uri(settings.Uri).UserInfo.Split(':') is [_, { Length: > 0 } password] ? password : null;

    /// <summary>All that was logged, and what the latest load said at its end.</summary>
    public string Everything => string.Join('\n', _logger.Lines) + "\n" + Shown;

    /// <summary>What the latest load said at its end.</summary>
    public string Shown { get; private set; } = "";

    /// <summary>The lines of the reject files, as COPY text.</summary>
    public string Rejects => Directory.Exists(Root) ? string.Concat(Directory.GetFiles(Root, "*.dat", SearchOption.AllDirectories).Select(File.ReadAllText)) : "";

    /// <summary>The session that was to be lost is.</summary>
    public bool HasLost => _relay is { HasLost: true };

    private string Root => Path.Combine(_folder, "root");

    /// <summary>From now on the target is reached through a relay that cuts one of its sessions.</summary>
    public void Lose(Loss loss)
    {
        var uri = new Uri(settings.Uri);
        _relay = new LosingRelay(uri.Host, uri.Port, loss);
    }

    public async Task<IDatabaseTarget> ConnectAsync(CancellationToken ct) => (IDatabaseTarget)await TargetRegistry
        .Resolve(Read("", "", ""), settings.Environment, Reconnect, _logger, settings.Time).ConnectAsync(ct);

    /// <summary>Loads a CSV file into the table, as the program does.</summary>
    public async Task<RunResult> LoadAsync(string csv, string options, string columns, string clauses, CancellationToken ct)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "data.csv"), Encoding.UTF8.GetBytes(csv), ct);
        var result = await new Runner().RunAsync(
            Read(options, columns, clauses),
            new RunProgress(TimeProvider.System),
            new RunOptions
            {
                RootDirectory = Root,
                Logger = _logger,
                Environment = settings.Environment,
                OpenStandardInput = () => Stream.Null,
                Time = settings.Time,
                ReconnectFor = Reconnect,
            },
            ct);
        Shown = string.Join('\n', result.Failures.Select(failure => $"{failure.Message} | {failure.Hint}").Concat(result.Notices));
        return result;
    }

    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = await settings.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Whether the server takes the statement.</summary>
    public async Task<bool> TakesAsync(string sql, CancellationToken ct)
    {
        try
        {
            await ExecuteAsync(sql, ct);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    /// <summary>Whether rows can be sent into the table over the connection.</summary>
    public async Task<bool> TakesCopyAsync(string rows, CancellationToken ct)
    {
        await using var connection = await settings.OpenAsync(ct);
        try
        {
            await using var writer = await connection.BeginTextImportAsync($"COPY {Table} FROM STDIN", ct);
            await writer.WriteAsync(rows);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    /// <summary>Fields apart by <c>|</c> as the server writes them, NULL as <c>&lt;null&gt;</c>, a string a row.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string sql, CancellationToken ct)
    {
        await using var connection = await settings.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "<null>" : reader.GetString(i))));
        }

        return rows;
    }

    /// <summary>All rows of the table in the order of the first of these columns.</summary>
    public Task<IReadOnlyList<string>> RowsAsync(string columns, CancellationToken ct) => QueryAsync($"SELECT {columns} FROM {Table} ORDER BY 1", ct);

    public async ValueTask DisposeAsync()
    {
        var left = await settings.LeftoversAsync(CancellationToken.None);
        _relay?.Dispose();
        Directory.Delete(_folder, recursive: true);
        await settings.CloseAsync();
        Assert.Empty(left);
    }

    private LoadSpec Read(string options, string columns, string clauses)
    {
        var uri = _relay is null ? settings.Uri : new UriBuilder(settings.Uri) { Host = "127.0.0.1", Port = _relay.Port, Query = "sslmode=disable" }.Uri.AbsoluteUri;
        var with = string.Join(", ", new[] { "fields terminated by ','", settings.Options, options }.Where(option => option.Length > 0));
        return Assert.Single(new CommandReader(_ => null).ReadText(
            "site.load", $"LOAD CSV FROM 'data.csv' INTO {uri} TARGET TABLE {Table} {columns} WITH {with} {clauses};", _folder));
    }
}

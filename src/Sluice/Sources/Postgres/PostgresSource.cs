using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Sources.Postgres;

/// <summary>A PostgreSQL database: sessions that share one snapshot.</summary>
internal sealed class PostgresSource : IDatabaseSource
{
    private readonly SourceSessions _sessions;
    private readonly DatabaseLoadSpec _spec;
    private readonly IReadOnlyCollection<ChosenTable> _tables;
    private readonly Dictionary<QualifiedName, SourceTable> _sources = [];

    private PostgresSource(SourceSessions sessions, DatabaseLoadSpec spec, IReadOnlyCollection<ChosenTable> tables)
    {
        _sessions = sessions;
        _spec = spec;
        _tables = tables;
        Consistency = (sessions.Count > 1
            ? FormattableString.Invariant($"one point in time: {sessions.Count} readers share one snapshot")
            : "one point in time: one reader, one transaction") + (sessions.IsStandby ? ", of a standby" : "");
    }

    public string Label => _sessions.Display;

    /// <summary>Types stay what they are.</summary>
    public ImmutableArray<CastRule> DefaultCasts => [];

    public int Readers => _sessions.Count;

    public bool CountsRowsByPart => true;

    public string Consistency { get; }

    public ImmutableArray<string> TargetSettings =>
        ["SET LOCAL IntervalStyle TO postgres; SET LOCAL lc_monetary TO 'C'; SET LOCAL xmloption TO content"];

    /// <param name="connector">Is taken over.</param>
    /// <param name="spec">The command.</param>
    /// <param name="readers">How many are wanted; there may be fewer.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SourceException">The server cannot be reached or read.</exception>
    public static async Task<PostgresSource> OpenAsync(PostgresConnector connector, DatabaseLoadSpec spec, int readers, CancellationToken ct)
    {
        IReadOnlyCollection<ChosenTable> tables = [];
        var sessions = await SourceSessions.OpenAsync(
            connector,
            readers,
            async leader =>
            {
                tables = await PostgresCatalogReader.ChooseAsync(leader, spec, ct).ConfigureAwait(false);
                return [.. tables.Where(table => table is { IsChosen: true, MaySelect: true }).Select(table => table.Name)];
            },
            ct).ConfigureAwait(false);
        return new PostgresSource(sessions, spec, tables);
    }

    public Task<DatabaseCatalog> ReadCatalogAsync(CancellationToken ct) => _sessions.GuardAsync("its schema", async () =>
    {
        var reader = new PostgresCatalogReader(_sessions.Leader, _spec, _sessions.Encoding, ct);
        var catalog = await reader.ReadAsync(_tables).ConfigureAwait(false);
        foreach (var (name, table) in reader.Sources)
        {
            _sources[name] = table;
        }

        return catalog;
    });

    public async Task<TableModel> DescribeAsync(QualifiedName name, string query, CancellationToken ct)
    {
        var reader = new PostgresCatalogReader(_sessions.Leader, _spec, _sessions.Encoding, ct);
        var table = await _sessions.GuardAsync($"the query of view {name}", () => reader.DescribeAsync(name, query)).ConfigureAwait(false);
        _sources[name] = reader.Sources[name];
        return table;
    }

    public ISource OpenTable(TableReading table, int reader) => new PostgresTableReader(_sessions, reader, _sources[table.Table], table);

    public ValueTask DisposeAsync() => _sessions.DisposeAsync();
}

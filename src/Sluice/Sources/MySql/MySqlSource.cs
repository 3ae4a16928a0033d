using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Sources.MySql;

/// <summary>A database of a MySQL or MariaDB server.</summary>
internal sealed class MySqlSource : IDatabaseSource
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    private readonly MySqlSessions _sessions;
    private readonly DatabaseLoadSpec _spec;
    private readonly Dictionary<string, MySqlTableInfo> _infos = new(StringComparer.Ordinal);

    private MySqlSource(MySqlSessions sessions, DatabaseLoadSpec spec)
    {
        _sessions = sessions;
        _spec = spec;
    }

    public string Label => $"mysql://{_sessions.Settings}";

    public ImmutableArray<CastRule> DefaultCasts => _spec.Schema.ExactTypes ? MySqlCasts.ExactRules : MySqlCasts.Rules;

    public int Readers => _sessions.Count;

    public bool CountsRowsByPart => true;

    public string Consistency => _sessions.Consistency;

    public bool IsConsistent => _sessions.IsConsistent;

    /// <param name="spec">The command.</param>
    /// <param name="readers">How many are wanted; there may be fewer.</param>
    /// <param name="environment">Variables that complete the address.</param>
    /// <param name="logger">Takes connection messages.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SourceException">The server cannot be reached or read.</exception>
    public static async Task<MySqlSource> OpenAsync(DatabaseLoadSpec spec, int readers, Func<string, string?> environment, ILogger logger, CancellationToken ct)
    {
        var opener = new MySqlOpener(MySqlSettingsResolver.Resolve(spec, environment), logger);
        return new MySqlSource(await MySqlSessions.OpenAsync(opener, readers, ct).ConfigureAwait(false), spec);
    }

    public void RequireConsistent() => _sessions.RequireConsistent();

    public Task<DatabaseCatalog> ReadCatalogAsync(CancellationToken ct) => _sessions.GuardAsync("its schema", async () =>
    {
        var reader = Reader(ct);
        var catalog = await reader.ReadAsync().ConfigureAwait(false);
        Take(reader);
        return catalog with { Notices = [.. catalog.Notices, .. SearchPath()] };
    });

    public Task<TableModel> DescribeAsync(QualifiedName name, string query, CancellationToken ct) => _sessions.GuardAsync($"MATERIALIZE VIEWS {Identifier.Display(name.Name)}", async () =>
    {
        var reader = Reader(ct);
        var view = await reader.QueryAsync(name, query).ConfigureAwait(false);
        Take(reader);
        return view;
    });

    public ISource OpenTable(TableReading table, int reader) => new MySqlTable(
        _sessions, reader, _infos[table.Table.Name], table, Decoding(table.Table.Name), _spec.Schema.MultipleReaders ? _spec.Schema.RowsPerRange : null);

    public ValueTask DisposeAsync() => _sessions.DisposeAsync();

    private MySqlCatalogReader Reader(CancellationToken ct) => new(_sessions.Leader, _sessions.Server, _sessions.Settings.Database, ct);

    private void Take(MySqlCatalogReader reader)
    {
        foreach (var (name, info) in reader.Infos)
        {
            _infos[name] = info;
        }
    }

    // Unqualified names would not find the tables; the database's settings are the user's.
    private IEnumerable<string> SearchPath()
    {
        var source = _sessions.Settings.Database;
        var schema = _spec.AlterSchema is { } alter && alter.From == source ? alter.To : TargetSchema(source);
        return schema == "public" || _spec.Schema.DataOnly ? []
            : [$"the tables are in the schema {Identifier.Display(schema)}: ALTER DATABASE {(_spec.Target?.Database is { } target ? Identifier.Display(target) : "…")} SET search_path TO public, {Identifier.Display(schema)} lets them be named without it"];
    }

    private string TargetSchema(string source) => _spec.Options.IdentifierCase == IdentifierCase.Quote || !source.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? source : source.ToLowerInvariant();

    // The first rule whose names match.
    private string? Decoding(string table)
    {
        foreach (var rule in _spec.Decoding)
        {
            if (rule.Patterns.Any(pattern => pattern.IsRegex ? Regex.IsMatch(table, pattern.Text, RegexOptions.CultureInvariant, MatchLimit) : pattern.Text == table))
            {
                return rule.EncodingName;
            }
        }

        return null;
    }
}

using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations.S3;

namespace Sluice.Sources.Redshift;

/// <summary>A Redshift database: one session, one transaction, and S3 for large tables.</summary>
internal sealed class RedshiftSource : IDatabaseSource
{
#if DEBUG
    private const long LargeRows = 1000;
#else
    private const long LargeRows = 2_000_000;
#endif

    // Below, the seconds that an UNLOAD takes to begin are more than it saves.
    private const long LargeMegabytes = 256;

    private const int MostReaders = 4;

    private readonly RedshiftSession _session;
    private readonly RedshiftSourceContext _context;
    private readonly RedshiftUnloads? _unloads;
    private readonly string? _bucket;
    private readonly bool? _asked;
    private IReadOnlyDictionary<QualifiedName, RedshiftTable> _tables = ImmutableDictionary<QualifiedName, RedshiftTable>.Empty;
    private ImmutableHashSet<QualifiedName> _unloaded = [];

    /// <param name="session">Is taken over.</param>
    /// <param name="context">What the run is like.</param>
    /// <exception cref="SourceException">UNLOAD is asked for and has no bucket to write to.</exception>
    public RedshiftSource(RedshiftSession session, RedshiftSourceContext context)
    {
        _session = session;
        _context = context;
        var staging = StagingOptions.From(context.Options);
        _asked = context.Options.TargetOptions.FirstOrDefault(option => option.Key == RedshiftUnloadOptions.Unload)?.Text switch
        {
            "on" => true,
            "off" => false,
            _ => null,
        };
        _bucket = staging.Bucket ?? (context.Environment("AWS_S3_BUCKET_NAME") is { Length: > 0 } name ? name : null);
        if (_asked == true && _bucket is null)
        {
            throw new SourceException("WITH unload needs a bucket to write to, and none is named", "name one: staging bucket = '…', or AWS_S3_BUCKET_NAME");
        }

        _unloads = _bucket is null || _asked == false ? null : new RedshiftUnloads(session, context, staging);
    }

    public string Label => _session.Display;

    public ImmutableArray<CastRule> DefaultCasts => RedshiftCasts.Rules;

    /// <summary>Streams follow one another over the one session; files of UNLOADs are read side by side.</summary>
    public int Readers => _unloaded.IsEmpty ? 1 : Math.Clamp(_context.Readers, 1, MostReaders);

    public bool CountsRowsByPart => true;

    public ImmutableArray<string> Options => [.. RedshiftUnloadOptions.All.Select(option => option.Key).Distinct()];

    public string Consistency => "one point in time: one session, one serializable transaction, which sees nothing that is committed after its first read";

    public async Task<DatabaseCatalog> ReadCatalogAsync(CancellationToken ct)
    {
        var reader = new RedshiftCatalogReader(_session, ct);
        var catalog = await reader.ReadAsync().ConfigureAwait(false);
        _tables = reader.Tables;
        _unloaded = _unloads is null ? [] : [.. _tables.Values.Where(IsUnloaded).Select(table => table.Name)];
        return _unloaded.IsEmpty ? catalog : catalog with { Notices = [.. catalog.Notices, Described()] };
    }

    // The binder refuses queries as views of servers.
    public Task<TableModel> DescribeAsync(QualifiedName name, string query, CancellationToken ct) => throw new NotSupportedException();

    public ISource OpenTable(TableReading table, int reader) =>
        new RedshiftTableReader(_session, _tables[table.Table], table, _unloaded.Contains(table.Table) ? _unloads : null);

    public async ValueTask DisposeAsync()
    {
        // The session first: what it has begun to write is to be deleted too.
        await _session.DisposeAsync().ConfigureAwait(false);
        if (_unloads is not null)
        {
            await _unloads.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Nobody asked for UNLOAD: then only where it cannot fail for the values' sake, as it would for a long SUPER.
    private bool IsUnloaded(RedshiftTable table) => _asked == true
        || ((table.Megabytes >= LargeMegabytes || table.Rows >= LargeRows) && table.Types.Values.All(type => type.Name is not ("super" or "geometry" or "geography" or "hllsketch")));

    private string Described() => _asked == true
        ? $"tables are read by UNLOAD through s3://{_bucket}"
        : $"large tables are read by UNLOAD through s3://{_bucket}: {string.Join(", ", _unloaded.Select(table => table.ToString()).Order(StringComparer.Ordinal).Take(5))}"
            + $"{(_unloaded.Count > 5 ? ", …" : "")}; WITH no unload streams them";
}

/// <summary>What a run is like.</summary>
/// <param name="Options">Those of the command.</param>
/// <param name="Readers">How many tables are wanted side by side.</param>
/// <param name="Environment">Variables.</param>
/// <param name="Logger">Takes what happens.</param>
/// <param name="Time">The clock.</param>
internal sealed record RedshiftSourceContext(LoadOptions Options, int Readers, Func<string, string?> Environment, ILogger Logger, TimeProvider Time);

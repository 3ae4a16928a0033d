using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Sources.Postgres;

/// <summary>Reads the schema of a database over one session.</summary>
/// <param name="connection">The session, in its transaction.</param>
/// <param name="spec">The command.</param>
/// <param name="encoding">Of the database, as the server calls it.</param>
/// <param name="ct">Gives up.</param>
internal sealed partial class PostgresCatalogReader(NpgsqlConnection connection, DatabaseLoadSpec spec, string encoding, CancellationToken ct)
{
    private static readonly IReadOnlySet<string> NoColumns = new HashSet<string>();

    private readonly List<UncarriedObject> _uncarried = [];
    private readonly List<string> _notices = [];
    private readonly Dictionary<QualifiedName, SourceTable> _sources = [];
    private Dictionary<long, string> _needs = [];
    private ILookup<long, SequenceRow> _identities = Array.Empty<SequenceRow>().ToLookup(row => row.OwnerOid);

    /// <summary>What reading needs to know of the tables and views.</summary>
    public IReadOnlyDictionary<QualifiedName, SourceTable> Sources => _sources;

    /// <summary>All tables of users, and whether they are meant.</summary>
    public static Task<List<ChosenTable>> ChooseAsync(NpgsqlConnection connection, DatabaseLoadSpec spec, CancellationToken ct) =>
        TableCatalogReader.QueryAsync(
            connection,
            "source_chosen.sql",
            row => new ChosenTable(row.Value<long>("oid"), new QualifiedName(row.Text("schema"), row.Text("name")), row.Value<bool>("is_chosen"), row.Value<bool>("may_select")),
            ct,
            Filters(spec));

    public async Task<DatabaseCatalog> ReadAsync(IReadOnlyCollection<ChosenTable> all)
    {
        var chosen = all.Where(table => table.IsChosen).ToArray();
        if (chosen.Length == 0 && all.Count > 0 && spec.Including.Concat(spec.Excluding).Any())
        {
            throw new SourceException(
                $"None of the {all.Count} tables is included", $"the tables are: {string.Join(", ", all.Take(20).Select(table => table.Name))}");
        }

        foreach (var table in chosen.Where(table => !table.MaySelect))
        {
            _notices.Add($"the role may not read {table.Name}: its rows cannot be copied");
        }

        if (encoding == "SQL_ASCII" && spec.Decoding.IsEmpty)
        {
            _notices.Add("the database is SQL_ASCII: its texts are taken for UTF-8, and rows whose texts are not are refused; DECODING TABLE NAMES MATCHING … AS says what they are");
        }

        var oids = Oids(chosen.Select(table => table.Oid));
        _needs = (await QueryAsync("source_needs.sql", row => (Oid: row.Value<long>("oid"), Needs: row.Text("needs")))
            .ConfigureAwait(false)).ToDictionary(row => row.Oid, row => row.Needs);
        var sequences = await QueryAsync("source_sequences.sql", Sequence).ConfigureAwait(false);
        _identities = sequences.Where(sequence => sequence.Model.IsIdentity).ToLookup(sequence => sequence.OwnerOid);
        var columns = (await QueryAsync("source_columns.sql", Column, oids).ConfigureAwait(false)).ToLookup(column => column.TableOid);
        var constraints = await QueryAsync("source_constraints.sql", Constraint, oids).ConfigureAwait(false);
        var indexes = await QueryAsync("source_indexes.sql", Index, oids).ConfigureAwait(false);
        var statistics = await QueryAsync("source_statistics.sql", Statistics, oids).ConfigureAwait(false);
        var rows = await QueryAsync("source_tables.sql", row => TableOf(row, columns), oids).ConfigureAwait(false);
        var tables = rows.Select(row => Table(
            row,
            [.. columns[row.Oid]],
            [.. constraints.Where(found => found.TableOid == row.Oid)],
            [.. indexes.Where(found => found.TableOid == row.Oid)],
            [.. statistics.Where(found => found.TableOid == row.Oid)])).ToImmutableArray();
        var types = await TypesAsync(spec.Including.IsEmpty && spec.Excluding.IsEmpty ? null : [.. columns.SelectMany(table => table).SelectMany(column => column.TypeOids)])
            .ConfigureAwait(false);
        var ownSequences = sequences.Where(sequence => sequence.OwnerOid != 0 ? chosen.Any(table => table.Oid == sequence.OwnerOid)
            : (spec.Including.IsEmpty && spec.Excluding.IsEmpty) || columns.SelectMany(table => table).Any(column => UsesSequence(column, sequence.Model.Name))).ToArray();
        var members = Oids([.. chosen.Select(table => table.Oid), .. constraints.Select(found => found.Oid), .. indexes.Select(found => found.Oid),
            .. columns.SelectMany(table => table).Select(column => column.DefaultOid), .. types.Select(type => type.Oid)]);
        return new DatabaseCatalog
        {
            IsFiltered = true,
            IsPostgres = true,
            Tables = tables,
            Views = await ViewsAsync().ConfigureAwait(false),
            Types = [.. types.Select(type => type.Model)],
            Sequences = [.. await StatesAsync([.. ownSequences]).ConfigureAwait(false)],
            Extensions = [.. await QueryAsync("source_extensions.sql", row => new ExtensionModel(row.Text("name"), row.Text("schema")), members).ConfigureAwait(false)],
            Uncarried = [.. _uncarried, .. await QueryAsync(
                "source_uncarried.sql", row => new UncarriedObject(row.Text("kind"), row.Text("name"), row.Text("reason")), oids).ConfigureAwait(false)],
            SchemaComments = [.. await QueryAsync("source_schemas.sql", row => new SchemaComment(row.Text("name"), row.Text("comment"))).ConfigureAwait(false)],
            TextEncoding = encoding == "SQL_ASCII" ? null : encoding,
            Notices = [.. _notices],
        };
    }

    private static string Oids(IEnumerable<long> oids) => "{" + string.Join(',', oids.Where(oid => oid != 0).Select(oid => oid.ToString(CultureInfo.InvariantCulture))) + "}";

    private static string Filters(DatabaseLoadSpec spec)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var (filter, excludes) in spec.Including.Select(filter => (filter, false)).Concat(spec.Excluding.Select(filter => (filter, true))))
            {
                foreach (var pattern in filter.Patterns)
                {
                    json.WriteStartObject();
                    json.WriteString("schema", filter.Schema);
                    json.WriteString("pattern", pattern.Text);
                    json.WriteBoolean("is_regex", pattern.IsRegex);
                    json.WriteBoolean("excludes", excludes);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static bool UsesSequence(ColumnRow column, QualifiedName sequence) =>
        column.DefaultSql is { } sql && SqlPieces.Read(sql, NoColumns).Pieces!.Value.Any(piece => piece.Object == sequence); // always cut

    private Task<List<T>> QueryAsync<T>(string file, Func<NpgsqlDataReader, T> read, params object?[] parameters) =>
        TableCatalogReader.QueryAsync(connection, file, read, ct, parameters);

    // What needs a function of the user's cannot be made without it.
    private bool IsCarried(long oid, string kind, string name)
    {
        if (oid == 0 || !_needs.TryGetValue(oid, out var needs))
        {
            return true;
        }

        _uncarried.Add(new UncarriedObject(kind, name, $"it needs {needs}, which is not copied"));
        return false;
    }
}

/// <summary>A table of the source, and whether the command means it.</summary>
internal sealed record ChosenTable(long Oid, QualifiedName Name, bool IsChosen, bool MaySelect);

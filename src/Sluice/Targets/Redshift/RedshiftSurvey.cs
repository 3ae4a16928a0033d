using System.Globalization;
using Npgsql;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <summary>
/// Looks at a database before tables are created in it: a handful of queries over one catalog each, joined here, however many tables there are.
/// https://docs.aws.amazon.com/redshift/latest/dg/c_join_PG.html
/// </summary>
internal sealed class RedshiftSurvey
{
    private readonly NpgsqlConnection _connection;
    private readonly SurveyRequest _request;
    private readonly ServerInfo _server;
    private readonly CancellationToken _ct;
    private readonly Dictionary<string, SurveyedSchema> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Relation> _relations = new(StringComparer.Ordinal);

    private RedshiftSurvey(NpgsqlConnection connection, SurveyRequest request, ServerInfo server, CancellationToken ct)
    {
        _connection = connection;
        _request = request;
        _server = server;
        _ct = ct;
    }

    public static Task<TargetSurvey> ReadAsync(NpgsqlConnection connection, SurveyRequest request, ServerInfo server, CancellationToken ct) =>
        new RedshiftSurvey(connection, request, server, ct).ReadAsync();

    private async Task<TargetSurvey> ReadAsync()
    {
        var database = await RowsAsync("redshift_survey_database.sql").ConfigureAwait(false);
        foreach (var row in await RowsAsync("redshift_survey_schemas.sql").ConfigureAwait(false))
        {
            var name = row[0] ?? "";
            _schemas[name] = new SurveyedSchema(name, Is(row[2]), Is(row[3]), IsMine(row[1]));
        }

        foreach (var row in await RowsAsync("redshift_survey_relations.sql").ConfigureAwait(false))
        {
            var rows = double.TryParse(row[5], CultureInfo.InvariantCulture, out var estimate) && estimate > 0 ? (long?)estimate : null;
            _relations[row[0] ?? ""] = new Relation(row[0] ?? "", new QualifiedName(row[1], row[2] ?? ""), row[3] == "v" ? "view" : "table", IsMine(row[4]), rows);
        }

        var wanted = _request.Tables.ToHashSet();
        var found = _relations.Values.Where(relation => wanted.Contains(relation.Name)).ToArray();
        var schemas = _request.Schemas.ToHashSet(StringComparer.Ordinal);
        var dropped = _request.DroppedSchemas.ToHashSet(StringComparer.Ordinal);
        return new TargetSurvey
        {
            IsKnown = true,
            MayCreateSchemas = _server.IsSuperuser || database is [["t" or "true"]],
            Schemas = [.. _schemas.Values.Where(schema => schemas.Contains(schema.Name))],
            Relations = [.. await SurveyedAsync(found).ConfigureAwait(false)],
            Doomed = [.. await DoomedAsync(found, dropped).ConfigureAwait(false)],
        };
    }

    private bool Is(string? value) => _server.IsSuperuser || value is "t" or "true";

    private bool IsMine(string? owner) => _server.IsSuperuser || owner == _server.Role;

    private Task<List<string?[]>> RowsAsync(string file, params (string Name, string Value)[] values) =>
        TextRows.ReadAsync(_connection, RedshiftSql.Read(file, values), _ct);

    private async Task<List<SurveyedRelation>> SurveyedAsync(Relation[] found)
    {
        var surveyed = new List<SurveyedRelation>();
        foreach (var relation in found.OrderBy(relation => relation.Name.ToString(), StringComparer.Ordinal))
        {
            var mayDrop = relation.IsOwner || _schemas.GetValueOrDefault(relation.Name.Schema ?? "")?.IsOwner == true
                || (relation.Kind == "table" && await MayDropAsync(relation.Name).ConfigureAwait(false));
            surveyed.Add(new SurveyedRelation(relation.Name, relation.Kind, mayDrop));
        }

        return surveyed;
    }

    // The right to drop came late: a server without it says that there is none of that name.
    private async Task<bool> MayDropAsync(QualifiedName table)
    {
        try
        {
            return await RowsAsync("redshift_survey_drop_right.sql", ("table", Identifier.Quote(table))).ConfigureAwait(false) is [["t" or "true"]];
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    private async Task<IEnumerable<SurveyedObject>> DoomedAsync(Relation[] found, HashSet<string> schemas)
    {
        var dropped = (schemas.Count > 0 ? _relations.Values.Where(relation => schemas.Contains(relation.Name.Schema ?? "")) : found.Where(relation => relation.Kind == "table"))
            .Select(relation => relation.Oid).ToHashSet(StringComparer.Ordinal);
        if (dropped.Count == 0 && schemas.Count == 0)
        {
            return [];
        }

        var gone = await WithViewsAsync(dropped).ConfigureAwait(false);
        var objects = gone.Where(_relations.ContainsKey).Select(oid => _relations[oid])
            .Select(relation => new SurveyedObject(relation.Kind, relation.Name.ToString(), relation.Rows, !dropped.Contains(relation.Oid))).ToList();
        foreach (var key in await RowsAsync("redshift_survey_keys.sql").ConfigureAwait(false))
        {
            if (gone.Contains(key[2] ?? "") && !gone.Contains(key[1] ?? "") && _relations.TryGetValue(key[1] ?? "", out var table))
            {
                objects.Add(new SurveyedObject("foreign key", $"{Identifier.Display(key[0] ?? "")} of {table.Name}", null, IsDependent: true));
            }
        }

        if (schemas.Count > 0)
        {
            var functions = await RowsAsync("redshift_survey_functions.sql").ConfigureAwait(false);
            objects.AddRange(functions.Where(function => schemas.Contains(function[0] ?? ""))
                .Select(function => new SurveyedObject("function", new QualifiedName(function[0], function[1] ?? "").ToString(), null, IsDependent: false)));
        }

        return objects.OrderBy(item => item.IsDependent).ThenBy(item => item.Kind, StringComparer.Ordinal).ThenBy(item => item.Name, StringComparer.Ordinal);
    }

    // Views of views, too.
    private async Task<HashSet<string>> WithViewsAsync(HashSet<string> dropped)
    {
        var readBy = (await RowsAsync("redshift_survey_views.sql").ConfigureAwait(false)).ToLookup(row => row[1] ?? "", row => row[0] ?? "", StringComparer.Ordinal);
        var gone = new HashSet<string>(dropped, StringComparer.Ordinal);
        var next = new Queue<string>(dropped);
        while (next.TryDequeue(out var relation))
        {
            foreach (var view in readBy[relation].Where(gone.Add))
            {
                next.Enqueue(view);
            }
        }

        return gone;
    }

    private sealed record Relation(string Oid, QualifiedName Name, string Kind, bool IsOwner, long? Rows);
}

using System.Collections.Immutable;
using Npgsql;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Targets.Postgres;

/// <summary>Looks at a database before tables are created in it. A handful of queries, however many tables there are.</summary>
internal static class PostgresSurvey
{
    private const string SyntaxError = "42601";

    private static readonly Dictionary<string, string> Extensions = new(StringComparer.Ordinal)
    {
        ["citext"] = "citext",
        ["hstore"] = "hstore",
        ["ltree"] = "ltree",
        ["lquery"] = "ltree",
        ["cube"] = "cube",
        ["seg"] = "seg",
        ["isbn"] = "isn",
        ["isbn13"] = "isn",
        ["ean13"] = "isn",
        ["geometry"] = "postgis",
        ["geography"] = "postgis",
        ["raster"] = "postgis_raster",
        ["vector"] = "vector",
        ["ip4"] = "ip4r",
        ["ip4r"] = "ip4r",
        ["ipaddress"] = "ip4r",
        ["uint1"] = "uint",
        ["uint2"] = "uint",
        ["uint4"] = "uint",
        ["uint8"] = "uint",
    };

    public static async Task<TargetSurvey> ReadAsync(NpgsqlConnection connection, SurveyRequest request, CancellationToken ct)
    {
        var mayCreateSchemas = true;
        var schemas = await TableCatalogReader.QueryAsync(
            connection,
            "survey_schemas.sql",
            row =>
            {
                mayCreateSchemas = row.GetBoolean(5);
                return (Exists: row.GetBoolean(1), Schema: new SurveyedSchema(row.GetString(0), row.GetBoolean(2), row.GetBoolean(3), row.GetBoolean(4)));
            },
            ct,
            (object)request.Schemas.ToArray()).ConfigureAwait(false);
        var relations = await TableCatalogReader.QueryAsync(
            connection,
            "survey_relations.sql",
            row => (Oid: row.GetInt64(0), Relation: new SurveyedRelation(new QualifiedName(row.GetString(1), row.GetString(2)), row.GetString(3), row.GetBoolean(4))),
            ct,
            request.Tables.Select(table => table.Schema ?? "").ToArray(),
            request.Tables.Select(table => table.Name).ToArray()).ConfigureAwait(false);
        var dropsSchemas = schemas.Any(schema => schema.Exists && request.DroppedSchemas.Contains(schema.Schema.Name));
        var doomed = await DoomedAsync(connection, [.. relations.Select(relation => relation.Oid)], request, dropsSchemas, ct).ConfigureAwait(false);
        return new TargetSurvey
        {
            IsKnown = true,
            MayCreateSchemas = mayCreateSchemas,
            Schemas = [.. schemas.Where(schema => schema.Exists).Select(schema => schema.Schema)],
            Relations = [.. relations.Select(relation => relation.Relation)],
            UnknownTypes = await UnknownTypesAsync(connection, request.Types, ct).ConfigureAwait(false),
            Extensions = [.. (await ExtensionsAsync(connection, [.. request.Extensions], ct).ConfigureAwait(false)).Select(found => new SurveyedExtension(found.Name, found.Schema, found.IsAvailable))],
            Doomed = [.. doomed, .. (await ObjectsAsync(connection, request.DroppedObjects, ct).ConfigureAwait(false)).Where(item => !doomed.Any(other => other.Name == item.Name))],
        };
    }

    private static async Task<ImmutableArray<SurveyedObject>> DoomedAsync(
        NpgsqlConnection connection, long[] relations, SurveyRequest request, bool dropsSchemas, CancellationToken ct) =>
        relations.Length == 0 && !dropsSchemas
            ? []
            : [.. await TableCatalogReader.QueryAsync(
                connection,
                "survey_doomed.sql",
                row => new SurveyedObject(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetBoolean(3)),
                ct,
                relations,
                request.DroppedSchemas.ToArray()).ConfigureAwait(false)];

    private static async Task<IEnumerable<SurveyedObject>> ObjectsAsync(NpgsqlConnection connection, ImmutableArray<QualifiedName> objects, CancellationToken ct) =>
        objects.IsEmpty
            ? []
            : await TableCatalogReader.QueryAsync(
                connection,
                "survey_objects.sql",
                row => new SurveyedObject(row.GetString(0), row.GetString(1), null, IsDependent: false),
                ct,
                objects.Select(item => item.Schema ?? "").ToArray(),
                objects.Select(item => item.Name).ToArray()).ConfigureAwait(false);

    private static async Task<ImmutableArray<UnknownType>> UnknownTypesAsync(NpgsqlConnection connection, ImmutableArray<string> types, CancellationToken ct)
    {
        var unknown = await FindUnknownAsync(connection, [.. types], ct).ConfigureAwait(false);
        var extensions = await ExtensionsAsync(connection, [.. unknown.Select(Extension).OfType<string>().Distinct()], ct).ConfigureAwait(false);
        return [.. unknown.Select(type =>
        {
            var found = extensions.FirstOrDefault(extension => extension.Name == Extension(type));
            return new UnknownType(type, Extension(type), found.Schema, found.IsAvailable);
        })];
    }

    // Only for what the message says beyond the type's name.
    private static async Task<List<(string Name, string? Schema, bool IsAvailable)>> ExtensionsAsync(NpgsqlConnection connection, string[] names, CancellationToken ct)
    {
        try
        {
            return names.Length == 0 ? [] : await TableCatalogReader.QueryAsync(
                connection,
                "survey_extensions.sql",
                row => (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetBoolean(2)),
                ct,
                (object)names).ConfigureAwait(false);
        }
        catch (PostgresException)
        {
            // One faulty control file among the server's extensions makes the list of all fail.
            return [];
        }
    }

    // A type that cannot even be read is an error on servers before 16: then each is asked for itself.
    private static async Task<List<string>> FindUnknownAsync(NpgsqlConnection connection, string[] types, CancellationToken ct)
    {
        try
        {
            return types.Length == 0 ? [] : await TableCatalogReader.QueryAsync(connection, "survey_types.sql", row => row.GetString(0), ct, (object)types).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == SyntaxError && types.Length > 1)
        {
            var unknown = new List<string>();
            foreach (var type in types)
            {
                unknown.AddRange(await FindUnknownAsync(connection, [type], ct).ConfigureAwait(false));
            }

            return unknown;
        }
        catch (PostgresException e) when (e.SqlState == SyntaxError)
        {
            return [.. types];
        }
    }

    private static string? Extension(string type) => Extensions.GetValueOrDefault(type.TrimEnd('[', ']').ToLowerInvariant());
}

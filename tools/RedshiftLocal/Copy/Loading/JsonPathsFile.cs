using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Records;
using RedshiftLocal.Copy.S3;

namespace RedshiftLocal.Copy.Loading;

/// <summary>Reads the file of paths that JSON 's3://…' names.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html</remarks>
internal static class JsonPathsFile
{
    private const int LongestFile = 4 << 20;

    /// <summary>Where the values of JSON records go; null when the command loads another format.</summary>
    public static async Task<JsonFields?> ReadAsync(S3Reader store, LoadPlan plan, CancellationToken ct)
    {
        if (plan.Command.Records.Json is not { } mapping)
        {
            return null;
        }

        if (mapping.PathsFile is not { } place)
        {
            return new JsonFields(mapping.Kind, plan.Fields, []);
        }

        var context = $"Reading JSONPaths file {place}";
        var paths = Paths(await store.ReadAllAsync(place, LongestFile, "The JSONPaths file is too large", context, ct), context);
        if (paths is null)
        {
            // A member of another name is no list of paths: the page says that 'auto' is meant then.
            return new JsonFields(JsonMappingKind.Auto, plan.Fields, []);
        }

        return paths.Value.Length == plan.Fields.Length
            ? new JsonFields(JsonMappingKind.Paths, plan.Fields, paths.Value)
            : throw new S3Exception(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Number of jsonpaths and the number of columns should match. JSONPath size: {paths.Value.Length}, Number of columns in table or column list: {plan.Fields.Length}"),
                context);
    }

    private static ImmutableArray<JsonPath>? Paths(byte[] file, string context)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new S3Exception("Invalid JSONPaths file: it is no JSON object", context);
            }

            if (!document.RootElement.TryGetProperty("jsonpaths", out var list))
            {
                return null;
            }

            return list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(path => Path(path, context))]
                : throw new S3Exception("Invalid JSONPaths file: jsonpaths is no array", context);
        }
        catch (JsonException exception)
        {
            throw new S3Exception(
                string.Create(CultureInfo.InvariantCulture, $"Invalid JSONPaths file: it is not well-formed JSON, line {exception.LineNumber + 1}"), context, exception);
        }
    }

    private static JsonPath Path(JsonElement path, string context) =>
        path.ValueKind == JsonValueKind.String && JsonPath.Parse(path.GetString()!) is { } read
            ? read
            : throw new S3Exception($"Invalid JSONPath format: {path.GetRawText()}", context);
}

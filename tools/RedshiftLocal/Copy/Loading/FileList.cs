using System.Collections.Immutable;
using System.Text.Json;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.S3;

namespace RedshiftLocal.Copy.Loading;

/// <summary>Finds the objects a COPY reads: those of a prefix, or those a manifest lists.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html</remarks>
internal static class FileList
{
    private const int LongestManifest = 64 << 20;
    private const string NotFullPath = "MANIFEST requires full S3 object path";

    public static async Task<ImmutableArray<LoadFile>> FindAsync(S3Reader store, CopyCommand command, int slices, CancellationToken ct)
    {
        var objects = command.Manifest ? await ListedAsync(store, command.Source, ct) : await WithPrefixAsync(store, command.Source, ct);
        return [.. objects.Select((item, index) => new LoadFile(item.Place, item.Size, index % slices))];
    }

    private static async Task<List<(S3Location Place, long Size)>> WithPrefixAsync(S3Reader store, S3Location prefix, CancellationToken ct)
    {
        var found = await store.ListAsync(prefix, ct);
        if (found.Count == 0)
        {
            throw new S3Exception($"The specified S3 prefix '{prefix.Key}' does not exist", $"Listing bucket={prefix.Bucket} prefix={prefix.Key}");
        }

        return [.. found.Select(item => (prefix with { Key = item.Key }, item.Size))];
    }

    private static async Task<List<(S3Location Place, long Size)>> ListedAsync(S3Reader store, S3Location manifest, CancellationToken ct)
    {
        var context = $"Reading manifest {manifest}";
        var objects = new List<(S3Location, long)>();
        foreach (var (place, mandatory, length) in Entries(await store.ReadAllAsync(manifest, LongestManifest, "The manifest is too large", context, ct), context))
        {
            var size = await store.SizeAsync(place, ct);
            if (size is null)
            {
                if (mandatory)
                {
                    throw new S3Exception(
                        $"S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey,Key {place}", $"Reading bucket={place.Bucket} key={place.Key}");
                }

                continue;
            }

            if (length is not null && length != size)
            {
                throw new S3Exception($"The size of {place} is {size} bytes, not the {length} of the manifest's content_length", context);
            }

            objects.Add((place, size.Value));
        }

        return objects.Count > 0 ? objects : throw new S3Exception($"None of the files listed in the manifest {manifest} exists", context);
    }

    private static List<(S3Location Place, bool Mandatory, long? Length)> Entries(byte[] manifest, string context)
    {
        try
        {
            using var document = JsonDocument.Parse(manifest);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("entries", out var entries) || entries.ValueKind != JsonValueKind.Array)
            {
                throw new S3Exception("The manifest has no entries", context);
            }

            return [.. entries.EnumerateArray().Select(entry => Entry(entry, context))];
        }
        catch (JsonException exception)
        {
            throw new S3Exception($"The manifest is not well-formed JSON, line {exception.LineNumber + 1}", context, exception);
        }
    }

    private static (S3Location Place, bool Mandatory, long? Length) Entry(JsonElement entry, string context)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("url", out var url) || url.ValueKind != JsonValueKind.String
            || S3Location.Parse(url.GetString()!) is not { Key.Length: > 0 } place || place.Key.EndsWith('/'))
        {
            throw new S3Exception(NotFullPath, context);
        }

        var mandatory = entry.TryGetProperty("mandatory", out var given) && given.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new S3Exception("mandatory in the manifest is neither true nor false", context),
        };
        if (!entry.TryGetProperty("meta", out var meta) || !meta.TryGetProperty("content_length", out var length))
        {
            return (place, mandatory, null);
        }

        return length.ValueKind == JsonValueKind.Number && length.TryGetInt64(out var bytes)
            ? (place, mandatory, bytes)
            : throw new S3Exception("content_length in the manifest is not a number", context);
    }
}

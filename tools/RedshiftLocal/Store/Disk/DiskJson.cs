using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedshiftLocal.Store.Disk;

/// <summary>What bucket.json holds.</summary>
internal sealed record BucketInfo(string Name, string Region, string Owner, DateTimeOffset Created);

/// <summary>The small files that describe objects, buckets and uploads; each is replaced as a whole.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BucketInfo))]
[JsonSerializable(typeof(StoredObject))]
[JsonSerializable(typeof(UploadInfo))]
[JsonSerializable(typeof(UploadPart))]
internal sealed partial class DiskJson : JsonSerializerContext
{
    public const string TemporarySuffix = ".tmp";

    /// <summary>The file is there with all of the value, or as it was before.</summary>
    public static void Save<T>(string path, T value)
    {
        var temporary = path + TemporarySuffix;
        try
        {
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(value, typeof(T), Default));
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Throws <see cref="InvalidDataException"/> naming a damaged file.</summary>
    public static T Load<T>(string path)
        where T : class
    {
        try
        {
            return (T?)JsonSerializer.Deserialize(File.ReadAllBytes(path), typeof(T), Default)
                ?? throw new InvalidDataException($"{path} is damaged: it is empty. Remove it to go on without what it describes");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is damaged: {exception.Message}. Remove it to go on without what it describes", exception);
        }
    }
}

namespace Sluice.Locations.S3;

/// <summary>An object that lies in the staging area.</summary>
/// <param name="Key">The whole key within the bucket.</param>
/// <param name="Url"><c>s3://bucket/key</c>, as COPY and a manifest name it.</param>
/// <param name="Bytes">Its length as stored.</param>
internal sealed record StagedObject(string Key, string Url, long Bytes);

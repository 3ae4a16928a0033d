using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace RedshiftLocal.Store.Disk;

/// <summary>
/// A bucket: its objects in key order in memory, and their descriptions on disk under the hash of the key, so that no key
/// can name a file.
/// </summary>
internal sealed class Bucket
{
    private readonly string _folder;
    private readonly DataFiles _data;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Upload> _uploads = new(StringComparer.Ordinal);
    private volatile ImmutableSortedSet<StoredObject> _objects = ImmutableSortedSet.Create<StoredObject>(Utf8Order.Instance);
    private bool _isDeleted;

    private Bucket(string folder, BucketInfo info, DataFiles data)
    {
        _folder = folder;
        _data = data;
        Info = info;
    }

    public BucketInfo Info { get; }

    /// <summary>A snapshot.</summary>
    public ImmutableSortedSet<StoredObject> Objects => _objects;

    public IEnumerable<Upload> Uploads => _uploads.Values;

    public static Bucket Create(string folder, BucketInfo info, DataFiles data)
    {
        Directory.CreateDirectory(Path.Combine(folder, "objects"));
        Directory.CreateDirectory(Path.Combine(folder, "uploads"));
        DiskJson.Save(Path.Combine(folder, "bucket.json"), info);
        return new Bucket(folder, info, data);
    }

    /// <summary>Null for a folder that is no bucket: its making or deleting did not come to its end.</summary>
    public static Bucket? Load(string folder, DataFiles data)
    {
        var description = Path.Combine(folder, "bucket.json");
        if (!File.Exists(description))
        {
            return null;
        }

        var bucket = new Bucket(folder, DiskJson.Load<BucketInfo>(description), data);
        var objects = bucket._objects.ToBuilder();
        foreach (var path in Described(Path.Combine(folder, "objects")))
        {
            objects.Add(DiskJson.Load<StoredObject>(path));
        }

        bucket._objects = objects.ToImmutable();
        var taken = objects.SelectMany(stored => stored.Segments).Select(segment => segment.File).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateDirectories(Path.Combine(folder, "uploads")).ToList())
        {
            bucket.LoadUpload(path, taken);
        }

        return bucket;
    }

    public StoredObject? Find(string key)
    {
        var objects = _objects;
        var index = IndexOf(objects, key);
        return index < objects.Count && objects[index].Key == key ? objects[index] : null;
    }

    /// <summary>Of the first key that is not before the given one.</summary>
    public static int IndexOf(ImmutableSortedSet<StoredObject> objects, string key)
    {
        var (low, high) = (0, objects.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Utf8Order.Compare(objects[middle].Key, key) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Makes the object visible, in place of one of its key.</summary>
    /// <remarks>check: Sees the present object and may throw.</remarks>
    public void Put(StoredObject stored, Action<StoredObject?> check)
    {
        StoredObject? replaced;
        lock (_lock)
        {
            if (_isDeleted)
            {
                throw S3Errors.NoSuchBucket(Info.Name);
            }

            replaced = Find(stored.Key);
            check(replaced);
            DiskJson.Save(DescriptionPath(stored.Key), stored);
            _objects = (replaced is null ? _objects : _objects.Remove(replaced)).Add(stored);
        }

        _data.Delete(replaced?.Segments ?? []);
    }

    public void Remove(string key)
    {
        StoredObject? removed;
        lock (_lock)
        {
            removed = Find(key);
            if (removed is null)
            {
                return;
            }

            File.Delete(DescriptionPath(key));
            _objects = _objects.Remove(removed);
        }

        _data.Delete(removed.Segments);
    }

    /// <summary>False when there are objects or uploads in it.</summary>
    public bool TryDelete()
    {
        lock (_lock)
        {
            if (_isDeleted || !_objects.IsEmpty || !_uploads.IsEmpty)
            {
                return false;
            }

            _isDeleted = true;
            File.Delete(Path.Combine(_folder, "bucket.json"));
            Directory.Delete(_folder, recursive: true);
            return true;
        }
    }

    public Upload? FindUpload(string id) => _uploads.GetValueOrDefault(id);

    public void AddUpload(UploadInfo info)
    {
        lock (_lock)
        {
            if (_isDeleted)
            {
                throw S3Errors.NoSuchBucket(Info.Name);
            }

            Directory.CreateDirectory(UploadFolder(info.Id));
            DiskJson.Save(Path.Combine(UploadFolder(info.Id), "upload.json"), info);
            _uploads[info.Id] = new Upload(info);
        }
    }

    /// <summary>Adds or replaces a part; the upload must be open.</summary>
    public void PutPart(Upload upload, UploadPart part)
    {
        UploadPart? replaced;
        lock (upload.Gate)
        {
            if (upload.IsClosed)
            {
                throw S3Errors.NoSuchUpload(upload.Info.Id);
            }

            upload.Parts.TryGetValue(part.Number, out replaced);
            DiskJson.Save(Path.Combine(UploadFolder(upload.Info.Id), $"{part.Number}.part.json"), part);
            upload.Parts[part.Number] = part;
        }

        _data.Delete(replaced is null ? [] : [replaced.Segment]);
    }

    /// <summary>Forgets an upload and the parts of it that no object took over. The caller holds its gate.</summary>
    public void CloseUpload(Upload upload, IReadOnlySet<string> kept)
    {
        upload.IsClosed = true;
        _uploads.TryRemove(upload.Info.Id, out _);
        Directory.Delete(UploadFolder(upload.Info.Id), recursive: true);
        foreach (var part in upload.Parts.Values.Where(part => !kept.Contains(part.Segment.File)))
        {
            _data.Delete([part.Segment]);
        }
    }

    private static IEnumerable<string> Described(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder).ToList())
        {
            if (path.EndsWith(DiskJson.TemporarySuffix, StringComparison.Ordinal))
            {
                File.Delete(path);
            }
            else
            {
                yield return path;
            }
        }
    }

    private void LoadUpload(string folder, HashSet<string> taken)
    {
        var description = Path.Combine(folder, "upload.json");
        if (!File.Exists(description))
        {
            Directory.Delete(folder, recursive: true);
            return;
        }

        var upload = new Upload(DiskJson.Load<UploadInfo>(description));
        foreach (var path in Described(folder).Where(path => path.EndsWith(".part.json", StringComparison.Ordinal)))
        {
            var part = DiskJson.Load<UploadPart>(path);
            upload.Parts[part.Number] = part;
        }

        if (upload.Parts.Values.Any(part => taken.Contains(part.Segment.File)))
        {
            Directory.Delete(folder, recursive: true);
            return;
        }

        _uploads[upload.Info.Id] = upload;
    }

    private string UploadFolder(string id) => Path.Combine(_folder, "uploads", id);

    private string DescriptionPath(string key) =>
        Path.Combine(_folder, "objects", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))) + ".json");
}

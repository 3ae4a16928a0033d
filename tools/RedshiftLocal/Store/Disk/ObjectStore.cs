using System.Collections.Concurrent;

namespace RedshiftLocal.Store.Disk;

/// <summary>The data folder: buckets, and the files of their objects. One process at a time.</summary>
internal sealed class ObjectStore : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lockFile;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    private ObjectStore(string folder, FileStream lockFile)
    {
        _folder = folder;
        _lockFile = lockFile;
        Data = new DataFiles(Path.Combine(folder, "data"));
    }

    public DataFiles Data { get; }

    public IEnumerable<Bucket> Buckets => _buckets.Values;

    /// <summary>Throws <see cref="IOException"/> when it is in use or cannot be written, <see cref="InvalidDataException"/> when damaged.</summary>
    public static ObjectStore Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var store = new ObjectStore(folder, OpenLock(folder));
        try
        {
            store.Load();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public Bucket? Find(string name) => _buckets.GetValueOrDefault(name);

    /// <summary>False when there is one of that name. The name must be valid.</summary>
    public bool TryCreate(BucketInfo info)
    {
        lock (_lock)
        {
            return !_buckets.ContainsKey(info.Name)
                && _buckets.TryAdd(info.Name, Bucket.Create(Path.Combine(_folder, "buckets", info.Name), info, Data));
        }
    }

    /// <summary>False when it is not empty.</summary>
    public bool TryDelete(Bucket bucket)
    {
        lock (_lock)
        {
            return bucket.TryDelete() && _buckets.TryRemove(bucket.Info.Name, out _);
        }
    }

    public void Dispose() => _lockFile.Dispose();

    private static FileStream OpenLock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "store.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"The data folder {folder} cannot be used, perhaps another store runs on it: {exception.Message}", exception);
        }
    }

    private void Load()
    {
        var described = new HashSet<string>(StringComparer.Ordinal);
        Directory.CreateDirectory(Path.Combine(_folder, "buckets"));
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(_folder, "buckets")).ToList())
        {
            if (Bucket.Load(folder, Data) is { } bucket)
            {
                _buckets[bucket.Info.Name] = bucket;
                described.UnionWith(bucket.Objects.SelectMany(stored => stored.Segments).Select(segment => segment.File));
                described.UnionWith(bucket.Uploads.SelectMany(upload => upload.Parts.Values).Select(part => part.Segment.File));
            }
        }

        Data.DeleteAllBut(described);
    }
}

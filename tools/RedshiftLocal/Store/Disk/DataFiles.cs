using System.Collections.Immutable;

namespace RedshiftLocal.Store.Disk;

/// <summary>
/// The files with the bytes of objects and parts. A file never changes once it is described; one that is being read is
/// deleted when its last reader is done.
/// </summary>
internal sealed class DataFiles
{
    private readonly string _folder;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lease> _leases = new(StringComparer.Ordinal);

    public DataFiles(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    /// <summary>A new file under a name of its own; whoever asks describes it or deletes it.</summary>
    public (string Name, FileStream Stream) Create()
    {
        var name = Guid.NewGuid().ToString("N");
        return (name, new FileStream(Path(name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    /// <summary>The bytes from an offset on; null when the segments are gone, and a new look at the index is due.</summary>
    public SegmentStream? Open(ImmutableArray<Segment> segments, long offset, long length)
    {
        var first = segments[0].File;
        lock (_lock)
        {
            if (!_leases.TryGetValue(first, out var lease))
            {
                if (!File.Exists(Path(first)))
                {
                    return null;
                }

                _leases[first] = lease = new Lease();
            }

            lease.Readers++;
        }

        return new SegmentStream(this, segments, offset, length);
    }

    public void Delete(IReadOnlyList<Segment> segments)
    {
        if (segments.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (_leases.TryGetValue(segments[0].File, out var lease))
            {
                lease.Doomed = segments;
                return;
            }

            DeleteNow(segments);
        }
    }

    /// <summary>Deletes what nothing describes: the rest of a run that ended in the middle.</summary>
    public void DeleteAllBut(IReadOnlySet<string> described)
    {
        foreach (var path in Directory.EnumerateFiles(_folder).Where(path => !described.Contains(System.IO.Path.GetFileName(path))).ToList())
        {
            File.Delete(path);
        }
    }

    internal string Path(string name) => System.IO.Path.Combine(_folder, name);

    internal void Release(ImmutableArray<Segment> segments)
    {
        lock (_lock)
        {
            var lease = _leases[segments[0].File];
            if (--lease.Readers == 0)
            {
                _leases.Remove(segments[0].File);
                DeleteNow(lease.Doomed);
            }
        }
    }

    private void DeleteNow(IReadOnlyList<Segment> segments)
    {
        foreach (var segment in segments)
        {
            File.Delete(Path(segment.File));
        }
    }

    private sealed class Lease
    {
        public int Readers { get; set; }

        public IReadOnlyList<Segment> Doomed { get; set; } = [];
    }
}

using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using RedshiftLocal.Copy.Bzip2;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.S3;
using RedshiftLocal.Unload.Commands;
using RedshiftLocal.Unload.Formats;
using ZstdSharp;

namespace RedshiftLocal.Unload.Files;

/// <summary>Writes the files of one slice in one folder, one after another; none is larger than MAXFILESIZE.</summary>
internal sealed class SliceWriter(UnloadCommand command, S3Writer store, RowFormat format, string folder, int slice, TimeProvider clock) : IDisposable
{
    private readonly string _extension = command.Extension ?? command.Compression switch
    {
        CopyCompression.Gzip => ".gz",
        CopyCompression.Bzip2 => ".bz2",
        CopyCompression.Zstd => ".zst",
        _ => "",
    };

    private ObjectUpload? _upload;
    private Stream? _packer;
    private int _part;
    private long _rows;
    private long _held;
    private long _seen;
    private DateTimeOffset _started;

    public List<UnloadedFile> Files { get; } = [];

    /// <summary>A file is open, or was closed.</summary>
    public bool HasFile => _upload is not null || Files.Count > 0;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> row, CancellationToken ct)
    {
        if (_upload is not null && _rows > 0 && Size() + row.Length > command.LargestFile)
        {
            await CloseAsync(ct);
        }

        if (_upload is null)
        {
            Open();
        }

        _rows++;
        Pack(row.Span);
        // Open sets it.
        if (_upload!.HasPart)
        {
            await _upload.SendPartAsync(ct);
        }
    }

    /// <summary>Begins a file, if there is none yet: it is written although it has no rows.</summary>
    public void Open()
    {
        if (_upload is not null)
        {
            return;
        }

        _rows = 0;
        _held = 0;
        _seen = 0;
        _started = clock.GetUtcNow();
        _upload = new ObjectUpload(store, Place());
        _packer = command.Compression switch
        {
            CopyCompression.Gzip => new GZipStream(_upload, CompressionLevel.Fastest, leaveOpen: true),
            CopyCompression.Bzip2 => new Bzip2Writer(_upload),
            CopyCompression.Zstd => new CompressionStream(_upload, level: 1, leaveOpen: true),
            _ => null,
        };
        if (command.Header)
        {
            var header = new ArrayBufferWriter<byte>();
            format.Header(header);
            Pack(header.WrittenSpan);
        }
    }

    public async Task CloseAsync(CancellationToken ct)
    {
        if (_upload is null)
        {
            return;
        }

        var upload = _upload;
        if (_packer is not null)
        {
            await _packer.DisposeAsync();
            _packer = null;
        }

        await upload.CompleteAsync(ct);
        _upload = null;
        Files.Add(new UnloadedFile(Place(), slice, _rows, _rows + (command.Header ? 1 : 0), upload.Total, _started, clock.GetUtcNow()));
        _part++;
    }

    /// <summary>Drops the file that is open.</summary>
    public async Task AbandonAsync(CancellationToken ct)
    {
        if (_upload is not null)
        {
            await _upload.AbandonAsync(ct);
            _upload = null;
        }
    }

    public void Dispose()
    {
        _packer?.Dispose();
        _upload?.Dispose();
    }

    private S3Location Place()
    {
        var name = command.Parallel
            ? string.Create(CultureInfo.InvariantCulture, $"{slice:d4}_part_{_part:d2}")
            : string.Create(CultureInfo.InvariantCulture, $"{_part:d3}");
        return command.Target with { Key = command.Prefix + folder + name + _extension };
    }

    private void Pack(ReadOnlySpan<byte> bytes)
    {
        // Open was called.
        (_packer ?? _upload!).Write(bytes);
        _held += bytes.Length;
    }

    /// <summary>The file's size, and what the compressor still holds as if it could not be made smaller.</summary>
    private long Size()
    {
        // Asked of open files only.
        var total = _upload!.Total;
        if (_packer is null)
        {
            return total;
        }

        if (total != _seen)
        {
            _seen = total;
            _held = 0;
        }

        return total + _held;
    }
}

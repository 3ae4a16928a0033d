using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Locations;

/// <summary>A file that has to be there as a whole, on a disk and unpacked: a download or what is in an archive becomes a temporary file.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Label">What a user knows it by.</param>
/// <param name="Temporary">Removes it at the end; null where nothing had to be copied.</param>
public sealed record WholeFile(string Path, string Label, IDisposable? Temporary)
{
    private const int CopyBytes = 256 << 10;

    /// <param name="location">A file or an address.</param>
    /// <param name="http">How downloads behave; null for the defaults.</param>
    /// <param name="ct">Gives up; nothing is left behind.</param>
    /// <exception cref="SourceException">It cannot be downloaded or unpacked.</exception>
    public static async Task<WholeFile> FetchAsync(FileLocation location, HttpSettings? http, CancellationToken ct)
    {
        var file = location switch
        {
            FileLocation.LocalFile local => new WholeFile(local.Path, local.Path, null),
            FileLocation.Http download => await DownloadAsync(download.Address, http ?? new HttpSettings(), ct).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"{location.GetType().Name} is no whole file."),
        };
        try
        {
            return await UnpackAsync(file, ct).ConfigureAwait(false);
        }
        catch
        {
            file.Temporary?.Dispose();
            throw;
        }
    }

    private static async Task<WholeFile> DownloadAsync(Uri address, HttpSettings http, CancellationToken ct)
    {
        var label = HttpDownload.Label(address);
        var opened = await new HttpDownload(http).OpenAsync(address, ct).ConfigureAwait(false);
        await using var closing = opened.Stream.ConfigureAwait(false);
        var temporary = TemporaryFile.Create();
        try
        {
            var output = temporary.OpenWrite();
            await using var flushing = output.ConfigureAwait(false);
            var buffer = new byte[CopyBytes];
            int read;
            while ((read = await opened.Stream.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
            {
                Write(output, buffer.AsSpan(0, read));
            }

            Flush(output);
            return new WholeFile(temporary.Path, label, temporary);
        }
        catch
        {
            temporary.Dispose();
            throw;
        }
    }

    // By what it begins with, not by its name: a download may be called anything.
    private static async Task<WholeFile> UnpackAsync(WholeFile file, CancellationToken ct)
    {
        if (PackedFile.Open(file.Path) is not { } packed)
        {
            return file;
        }

        await using var closing = packed.ConfigureAwait(false);
        var temporary = TemporaryFile.Create();
        try
        {
            var output = temporary.OpenWrite();
            await using (output.ConfigureAwait(false))
            {
                // Unpacking is work for the processor, not waiting.
                await Task.Run(() => PackedFile.Unpack(packed, Printable.Escape(file.Label), (bytes) => Write(output, bytes), ct), ct).ConfigureAwait(false);
                Flush(output);
            }

            file.Temporary?.Dispose();
            return new WholeFile(temporary.Path, file.Label, temporary);
        }
        catch
        {
            temporary.Dispose();
            throw;
        }
    }

    private static void Write(FileStream output, ReadOnlySpan<byte> bytes)
    {
        try
        {
            output.Write(bytes);
        }
        catch (IOException e)
        {
            throw TemporaryFile.Fault(e);
        }
    }

    private static void Flush(FileStream output)
    {
        try
        {
            output.Flush();
        }
        catch (IOException e)
        {
            throw TemporaryFile.Fault(e);
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Diagnostics;

namespace Sluice.Sources.Redshift;

/// <summary>What an UNLOAD wrote: its files with their rows, and the rows of all.</summary>
internal sealed record UnloadManifest(ImmutableArray<UnloadedFile> Files, long Rows)
{
    /// <param name="text">JSON, as MANIFEST VERBOSE writes it.</param>
    /// <param name="url">Where it was found, for messages.</param>
    /// <exception cref="SourceException">It is not such a manifest.</exception>
    public static UnloadManifest Parse(ReadOnlyMemory<byte> text, string url)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var files = document.RootElement.GetProperty("entries").EnumerateArray().Select(entry => new UnloadedFile(
                entry.GetProperty("url").GetString() ?? throw new FormatException("an entry has no url"),
                entry.GetProperty("meta").GetProperty("content_length").GetInt64(),
                entry.GetProperty("meta").GetProperty("record_count").GetInt64())).ToImmutableArray();
            var manifest = new UnloadManifest(files, document.RootElement.GetProperty("meta").GetProperty("record_count").GetInt64());
            return files.Sum(file => file.Rows) == manifest.Rows && files.All(file => file is { Rows: >= 0, Bytes: >= 0 })
                ? manifest
                : throw new FormatException(FormattableString.Invariant($"its files hold {files.Sum(file => file.Rows)} rows, together they are said to hold {manifest.Rows}"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SourceException($"The manifest {Printable.Escape(url)} cannot be used: {Printable.Escape(e.Message)}", "WITH no unload reads the tables without S3", e);
        }
    }
}

/// <summary>A file of an UNLOAD.</summary>
/// <param name="Url"><c>s3://bucket/key</c>.</param>
/// <param name="Bytes">As stored.</param>
/// <param name="Rows">In it.</param>
internal sealed record UnloadedFile(string Url, long Bytes, long Rows);

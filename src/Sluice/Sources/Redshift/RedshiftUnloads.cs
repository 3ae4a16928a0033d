using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Sluice.Diagnostics;
using Sluice.Locations.S3;
using Sluice.Postgres;

namespace Sluice.Sources.Redshift;

/// <summary>Unloads tables into a folder of the run's own, each once; what lies there is deleted part by part, and at the end. Thread-safe.</summary>
internal sealed class RedshiftUnloads(RedshiftSession session, RedshiftSourceContext context, StagingOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<RedshiftTable, Lazy<Task<Unloaded>>> _tables = new(ReferenceEqualityComparer.Instance);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private StagingArea? _area;
    private int _folders;
    private volatile bool _isInterrupted;

    /// <summary>What stands for NULL in all files of the run. No text of a table has it.</summary>
    public string NullMarker { get; } = $"sluice-null-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    public Compression Compression => options.Compression;

    /// <summary>The files of a table, without those that hold no row.</summary>
    /// <exception cref="SourceException">The server cannot write there, or what it wrote cannot be found.</exception>
    public async Task<Unloaded> UnloadAsync(RedshiftTable table, TableReading reading, CancellationToken ct)
    {
        // The first who asks has it done; a failure is everybody's.
        var unloading = _tables.GetOrAdd(table, _ => new Lazy<Task<Unloaded>>(() => RunAsync(table, reading, ct)));
        return await unloading.Value.ConfigureAwait(false);
    }

    public Stream Download(UnloadedFile file) => Area.Download(Key(file));

    /// <summary>Deletes a file that was read to its end; at the end of the run another try is made.</summary>
    public async Task DeleteAsync(UnloadedFile file, CancellationToken ct)
    {
        try
        {
            await Area.DeleteKeysAsync([Key(file)], ct).ConfigureAwait(false);
        }
        catch (TargetException e)
        {
            Log.ServerWarning(context.Logger, e.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_area is not null)
        {
            if (_isInterrupted)
            {
                // A server that was told to stop may still write what it has at hand.
                await Task.Delay(LastWrites, context.Time, CancellationToken.None).ConfigureAwait(false);
            }

            await _area.DisposeAsync().ConfigureAwait(false);
        }

        _opening.Dispose();
    }

    private StagingArea Area => _area ?? throw new InvalidOperationException("The staging area is opened with the first table.");

    private string Key(UnloadedFile file) => Area.KeyOf(file.Url) ?? throw new SourceException(
        $"The manifest names {Printable.Escape(file.Url)}, which is not in this run's folder", "WITH no unload reads the tables without S3");

    private async Task<Unloaded> RunAsync(RedshiftTable table, TableReading reading, CancellationToken ct)
    {
        try
        {
            await OpenAreaAsync(ct).ConfigureAwait(false);
            var folder = Area.ClaimFolder(string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _folders):D3}-{StagingArea.SafeName(table.Name.Name)}"));
            var authorization = await Area.AuthorizeAsync(ct).ConfigureAwait(false);
            var rows = await UnloadAsync(table, reading, folder, authorization, ct).ConfigureAwait(false);
            var manifest = await ReadManifestAsync(folder + "manifest", ct).ConfigureAwait(false);
            return manifest.Rows == rows
                ? new Unloaded([.. manifest.Files.Where(file => file.Rows > 0)], Area.UrlOf(folder + "manifest"), rows, Area.Region)
                : throw new SourceException(FormattableString.Invariant(
                    $"The UNLOAD of {table.Name} wrote {rows} rows, its manifest {Area.UrlOf(folder + "manifest")} tells of {manifest.Rows}: nothing of it is loaded"));
        }
        catch (TargetException e)
        {
            throw new SourceException($"The source, table {table.Name}: {e.Message}", e.Hint, e);
        }
        catch (OperationCanceledException)
        {
            _isInterrupted = true;
            throw;
        }
    }

    private Task<long> UnloadAsync(RedshiftTable table, TableReading reading, string folder, CopyAuthorization authorization, CancellationToken ct) =>
        session.UseAsync($"table {table.Name}", authorization.Secrets, async connection =>
        {
            if (authorization.HasKeys && !ConnectionSecurity.MayCarryKeys(connection, session.Connection))
            {
                throw new SourceException(
                    $"The connection to {session.Connection.Place} is not encrypted, and UNLOAD would send AWS keys over it",
                    "use sslmode=require or better, give UNLOAD a role (WITH iam role = '…'), or say sslmode=disable where the network is your own");
            }

            var statement = new UnloadStatement
            {
                Query = RedshiftQuery.Unload(table, reading),
                Folder = Area.UrlOf(folder),
                NullMarker = NullMarker,
                Compression = options.Compression,
                Region = Area.Region,
                KmsKey = options.KmsKey,
            };
            var started = context.Time.GetTimestamp();
            await RedshiftSession.ExecuteAsync(connection, statement.Text(authorization.Sql), ct).ConfigureAwait(false);
            Log.SqlExecuted(context.Logger, "unload", statement.Text(authorization.ToString()), context.Time.GetElapsedTime(started).TotalSeconds);
            return await TextRows.ReadAsync(connection, "SELECT pg_last_unload_count()", ct).ConfigureAwait(false) is [[{ } count]]
                ? long.Parse(count, CultureInfo.InvariantCulture)
                : throw new SourceException($"The server does not say how many rows of {table.Name} it unloaded", "WITH no unload reads the tables without S3");
        }, ct);

    private async Task<UnloadManifest> ReadManifestAsync(string key, CancellationToken ct)
    {
        var content = Area.Download(key);
        await using var closing = content.ConfigureAwait(false);
        using var text = new MemoryStream();
        try
        {
            await content.CopyToAsync(text, ct).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new SourceException($"The manifest {Area.UrlOf(key)} cannot be read: {Printable.Escape(e.Message)}", null, e);
        }

        return UnloadManifest.Parse(text.GetBuffer().AsMemory(0, (int)text.Length), Area.UrlOf(key));
    }

    private async Task OpenAreaAsync(CancellationToken ct)
    {
        await _opening.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            _area ??= await StagingArea.OpenAsync(options, context.Environment, context.Logger, context.Time, ct).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }
}

/// <summary>A table that was unloaded.</summary>
/// <param name="Files">Those with rows.</param>
/// <param name="Manifest">Its address.</param>
/// <param name="Rows">Of all files.</param>
/// <param name="Region">The bucket's.</param>
internal sealed record Unloaded(ImmutableArray<UnloadedFile> Files, string Manifest, long Rows, string Region);

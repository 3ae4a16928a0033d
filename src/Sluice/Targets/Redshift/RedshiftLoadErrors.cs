using System.Globalization;
using Npgsql;
using Sluice.Diagnostics;
using Sluice.Locations.S3;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <summary>
/// Reads which rows a COPY left out, and why. The views fill late and are not the same everywhere: SYS first, STL where it is missing,
/// denied or holds fewer rows.
/// </summary>
internal sealed class RedshiftLoadErrors(RedshiftTarget target)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    /// <summary>Asks until as many rows are there as were refused, or for as long as the target's patience allows.</summary>
    /// <param name="copyId">From pg_last_copy_id(); -1 when it is not known.</param>
    /// <param name="folder"><c>s3://bucket/</c> and the run's own prefix.</param>
    /// <param name="expected">Rows that were left out; at least 1.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<RedshiftLoadError>> ReadAsync(long copyId, string folder, long expected, CancellationToken ct)
    {
        var started = target.Time.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(100);
        IReadOnlyList<RedshiftLoadError> best = [];
        while (true)
        {
            foreach (var query in (string[])[Query(isSys: true, copyId, folder), Query(isSys: false, copyId, folder)])
            {
                var found = await TryReadAsync(query, ct).ConfigureAwait(false);
                best = found.Count > best.Count ? found : best;
                if (best.Count >= expected)
                {
                    return best;
                }
            }

            if (target.Time.GetElapsedTime(started) >= target.ErrorPatience)
            {
                return best;
            }

            await Task.Delay(pause, target.Time, ct).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static string Query(bool isSys, long copyId, string folder)
    {
        var view = isSys ? "sys" : "stl";
        return copyId > 0
            ? RedshiftSql.Read($"redshift_{view}_errors.sql", ("copy", copyId.ToString(CultureInfo.InvariantCulture)))
            : RedshiftSql.Read($"redshift_{view}_errors_below.sql", ("prefix", folder + "%"));
    }

    // A session of its own: the COPY's transaction may be open, and may not see what was written since it began.
    private async Task<IReadOnlyList<RedshiftLoadError>> TryReadAsync(string sql, CancellationToken ct)
    {
        try
        {
            var connection = await target.LookUpConnectionAsync(ct).ConfigureAwait(false);
            var rows = await TextRows.ReadAsync(connection, sql, ct).ConfigureAwait(false);
            return [.. rows.Select(Error).Distinct()];
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TargetException)
        {
            // No such view, no right to it, or no connection: the other view or the next round may do.
            return [];
        }
    }

    private static RedshiftLoadError Error(string?[] row) => new(
        row[0]?.Trim() ?? "",
        long.TryParse(row[1], CultureInfo.InvariantCulture, out var line) ? line : 0,
        row[2]?.Trim() is { Length: > 0 } column ? column : null,
        int.TryParse(row[4]?.Trim(), CultureInfo.InvariantCulture, out var code) ? code : 0,
        Printable.Escape(row[5]?.Trim() ?? ""));
}

/// <summary>A row of the error views.</summary>
/// <param name="File">The staged file's address, at most 256 characters of it.</param>
/// <param name="Line">1-based; of lines or of rows: public material does not say.</param>
/// <param name="Column">Its bare name, or null.</param>
/// <param name="Code">https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html</param>
/// <param name="Reason">The server's words.</param>
internal sealed record RedshiftLoadError(string File, long Line, string? Column, int Code, string Reason)
{
    private const int ShownFile = 256;

    /// <summary>The SQLSTATE with which PostgreSQL refuses the like.</summary>
    public string SqlState => Code switch
    {
        1204 => "22001",
        1205 or 1206 => "22007",
        1207 or 1208 or 1209 or 1210 or 1219 or 1224 => "22P02",
        1213 => "23502",
        1215 or 1220 => "22021",
        1222 => "22003",
        _ => "XX000",
    };

    public string Message => Code == 0 ? Reason : string.Create(CultureInfo.InvariantCulture, $"{Reason} (load error {Code})");

    public bool IsOf(StagedObject file) => File == (file.Url.Length <= ShownFile ? file.Url : file.Url[..ShownFile]);
}

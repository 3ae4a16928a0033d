using System.Globalization;
using Sluice.Diagnostics;

namespace Sluice.Targets.Redshift;

/// <summary>A row that the server refused: in which staged file, which row of it (0-based), and why.</summary>
internal sealed record RedshiftRefusedRow(RedshiftPart Part, long Row, RedshiftLoadError? Error)
{
    public ServerRefusal ToRefusal() => new()
    {
        Row = null,
        SqlState = Error?.SqlState ?? "XX000",
        Message = Error?.Message ?? "the server refused the row, and its error views do not say why",
        Column = Error?.Column,
    };
}

/// <summary>
/// Finds the rows that a COPY left out. The error views name a file and a line; where lines may be counted in two ways, or the views
/// are silent, rows are tried in COPYs that are rolled back.
/// </summary>
internal sealed class RedshiftRefusedRows(RedshiftTableLoad load, RedshiftCopyRunner runner, Func<string, RedshiftCopyStatement> trial)
{
    private const int MostTrials = 200;

    private int _trials;

    /// <summary>The rows by the views alone; null when they do not tell, and rows have to be tried.</summary>
    public async Task<List<RedshiftRefusedRow>?> LookUpAsync(IReadOnlyList<RedshiftPart> parts, IReadOnlyList<RedshiftLoadError> errors, long expected, CancellationToken ct)
    {
        var found = new List<RedshiftRefusedRow>();
        foreach (var part in parts)
        {
            var own = errors.Where(error => error.IsOf(part.Object)).ToList();
            var guesses = own.Count == 0 ? [[]] : await GuessAsync(part, own, ct).ConfigureAwait(false);
            if (guesses.Count != 1)
            {
                return null;
            }

            found.AddRange(guesses[0]);
        }

        return found.Count == expected ? found : null;
    }

    /// <summary>The rows by trial, with the views' help where they are of any. No transaction may be open.</summary>
    /// <exception cref="TargetException">It would take too many trials.</exception>
    public async Task<List<RedshiftRefusedRow>> TryAsync(IReadOnlyList<RedshiftPart> parts, IReadOnlyList<RedshiftLoadError> errors, CancellationToken ct)
    {
        var found = new List<RedshiftRefusedRow>();
        foreach (var part in parts)
        {
            var refused = await TryAsync(part.Object.Url, part.Rows, ct).ConfigureAwait(false);
            if (refused == 0)
            {
                continue;
            }

            var own = errors.Where(error => error.IsOf(part.Object)).ToList();
            var guesses = own.Count == refused ? await GuessAsync(part, own, ct).ConfigureAwait(false) : [];
            var right = guesses.Count == 1 && !part.HasLineBreaks ? guesses[0] : await ChooseAsync(part, guesses, ct).ConfigureAwait(false);
            if (right is null)
            {
                right = [];
                await BisectAsync(part, 0, part.Rows, refused, right, ct).ConfigureAwait(false);
            }

            found.AddRange(right);
        }

        return found;
    }

    // What the lines can mean: the number of a row, the line it begins on, the line it ends on. Each reading that fits is a guess.
    private async Task<List<List<RedshiftRefusedRow>>> GuessAsync(RedshiftPart part, List<RedshiftLoadError> errors, CancellationToken ct)
    {
        var byNumber = errors.TrueForAll(error => error.Line >= 1 && error.Line <= part.Rows)
            ? errors.ConvertAll(error => new RedshiftRefusedRow(part, error.Line - 1, error))
            : null;
        if (!part.HasLineBreaks)
        {
            return byNumber is not null && AreDistinct(byNumber) ? [byNumber] : [];
        }

        var wanted = errors.Select(error => error.Line).ToHashSet();
        var (first, last) = (new Dictionary<long, long>(), new Dictionary<long, long>());
        await load.Stage.ReadAsync(part, records =>
        {
            if (wanted.Contains(records.FirstLine))
            {
                first[records.FirstLine] = records.Row;
            }

            if (wanted.Contains(records.LastLine))
            {
                last[records.LastLine] = records.Row;
            }
        }, ct).ConfigureAwait(false);
        var guesses = new List<List<RedshiftRefusedRow>>();
        foreach (var guess in (List<RedshiftRefusedRow>?[])[byNumber, ByLine(first), ByLine(last)])
        {
            if (guess is not null && AreDistinct(guess) && !guesses.Exists(other => other.Select(row => row.Row).ToHashSet().SetEquals(guess.Select(row => row.Row))))
            {
                guesses.Add(guess);
            }
        }

        return guesses;

        List<RedshiftRefusedRow>? ByLine(Dictionary<long, long> rows) => errors.TrueForAll(error => rows.ContainsKey(error.Line))
            ? errors.ConvertAll(error => new RedshiftRefusedRow(part, rows[error.Line], error))
            : null;
    }

    private static bool AreDistinct(List<RedshiftRefusedRow> rows) => rows.Select(row => row.Row).Distinct().Count() == rows.Count;

    // A guess is right when all of its rows are refused.
    private async Task<List<RedshiftRefusedRow>?> ChooseAsync(RedshiftPart part, List<List<RedshiftRefusedRow>> guesses, CancellationToken ct)
    {
        foreach (var guess in guesses)
        {
            if (await TryRowsAsync(part, guess.Select(row => row.Row).ToHashSet().Contains, guess.Count, ct).ConfigureAwait(false) == guess.Count)
            {
                return guess;
            }
        }

        return null;
    }

    private async Task BisectAsync(RedshiftPart part, long first, long count, long refused, List<RedshiftRefusedRow> found, CancellationToken ct)
    {
        if (refused == 0)
        {
            return;
        }

        if (refused == count)
        {
            for (var row = first; row < first + count; row++)
            {
                found.Add(new RedshiftRefusedRow(part, row, null));
            }

            return;
        }

        var half = count / 2;
        var left = await TryRowsAsync(part, row => row >= first && row < first + half, half, ct).ConfigureAwait(false);
        await BisectAsync(part, first, half, left, found, ct).ConfigureAwait(false);
        await BisectAsync(part, first + half, count - half, refused - left, found, ct).ConfigureAwait(false);
    }

    private async Task<long> TryRowsAsync(RedshiftPart part, Func<long, bool> isWanted, long count, CancellationToken ct)
    {
        var staged = await load.Stage.StageAgainAsync(part, isWanted, ct).ConfigureAwait(false);
        var refused = await TryAsync(staged.Url, count, ct).ConfigureAwait(false);
        await load.Stage.DeleteAsync(staged, ct).ConfigureAwait(false);
        return refused;
    }

    // How many of a file's rows are refused.
    private async Task<long> TryAsync(string url, long rows, CancellationToken ct)
    {
        if (++_trials > MostTrials)
        {
            throw new TargetException(
                string.Create(CultureInfo.InvariantCulture, $"Rows for {load.Table} were refused, and the server's error views do not say which; {MostTrials} trials did not isolate them: nothing was loaded"),
                "look into sys_load_error_detail or stl_load_errors, mend the rows and load again");
        }

        var fault = await load.WithRetriesAsync(
            () => runner.CopyAsync(trial(url), isTrial: true, ct), ct).ConfigureAwait(false);
        var copied = runner.Copied;
        await runner.RollbackAsync().ConfigureAwait(false);
        return fault is null ? rows - copied : throw fault.ToException($"Loading {load.Table} failed, nothing was loaded");
    }
}

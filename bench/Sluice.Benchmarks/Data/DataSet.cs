namespace Sluice.Benchmarks.Data;

/// <summary>A kind of data to load: its table and how its rows are made.</summary>
public abstract class DataSet
{
    private const ulong Seed = 20260101;

    /// <summary>What it is called on the command line; the table's name too, with <c>_</c> for <c>-</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the report says about it.</summary>
    public abstract string Description { get; }

    /// <summary>The columns between the parentheses of CREATE TABLE.</summary>
    public abstract string Columns { get; }

    public string Table => Name.Replace('-', '_');

    /// <summary>True when some rows cannot be loaded: then the good ones are written to a second file, the reference.</summary>
    public virtual bool HasBadRows => false;

    /// <summary>The set whose throughput this one is compared with, or null.</summary>
    public virtual string? Clean => null;

    /// <summary>Exit code 3 of a loader that sets rows aside.</summary>
    public int ExpectedExitCode => HasBadRows ? 3 : 0;

    /// <summary>Writes rows until the file has at least <paramref name="bytes"/>; the good rows go to <paramref name="goodPath"/> as well.</summary>
    public GeneratedFile Generate(string path, string? goodPath, long bytes)
    {
        var random = new SeededRandom(Seed);
        using var all = new CsvOutput(path);
        using var good = goodPath is null ? null : new CsvOutput(goodPath);
        long rows = 0;
        long badRows = 0;
        while (all.Length < bytes)
        {
            var isSpecial = rows % 1000 == 500;
            var values = new SeededRandom(random.Next());
            WriteRow(all, values, rows, isSpecial);
            if (HasBadRows && isSpecial)
            {
                badRows++;
            }
            else if (good is not null)
            {
                WriteRow(good, new SeededRandom(values.Seed), rows, isSpecial: false);
            }

            rows++;
        }

        return new GeneratedFile(path, goodPath, rows, badRows, all.Length);
    }

    protected abstract void WriteRow(CsvOutput output, SeededRandom random, long row, bool isSpecial);

}

/// <summary>What was written.</summary>
public sealed record GeneratedFile(string Path, string? GoodPath, long Rows, long BadRows, long Bytes);

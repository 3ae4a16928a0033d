using System.Globalization;
using System.IO.Compression;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks.RedshiftLocal;

/// <summary>One way to load one set: psql's \copy into the private PostgreSQL, or COPY of an object into redshift-local.</summary>
public sealed record CopySeries(string Set, string Way, long Bytes, long Rows)
{
    public List<double> Seconds { get; } = [];

    /// <summary>Of the redshift-local process, by round; nothing for psql.</summary>
    public List<long> PeakBytes { get; } = [];

    public bool IsVerified { get; set; } = true;

    public double Median => Seconds.Order().ElementAt(Seconds.Count / 2);
}

/// <summary>COPY of CSV from the store, plain and gzip, against <c>psql \copy</c> of the same file into the PostgreSQL behind.</summary>
public sealed class LocalCopies(BenchOptions options, LocalServer server, StoreSpeed store)
{
    public const string Direct = "psql \\copy";
    public const string Plain = "COPY";
    public const string Gzip = "COPY GZIP";
    public const string Tenth = "COPY of a tenth";

    private readonly ProgramRunner _runner = new(null);
    private readonly string _psql = Programs.Find("psql") ?? throw new InvalidOperationException("psql is needed: install postgresql-client");

    public async Task<IReadOnlyList<CopySeries>> MeasureAsync(DataSet set)
    {
        var file = await StoreAsync(set, options.Bytes, set.Name + ".csv", withGzip: true);
        var small = await StoreAsync(set, options.Bytes / 10, set.Name + "-tenth.csv", withGzip: false);
        var columns = Columns(set);
        CopySeries[] series =
        [
            new(set.Name, Tenth, small.Bytes, small.Rows), new(set.Name, Direct, file.Bytes, file.Rows), new(set.Name, Plain, file.Bytes, file.Rows),
            new(set.Name, Gzip, file.Bytes, file.Rows),
        ];
        string? reference = null;
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var one in series)
            {
                var digest = one.Way == Direct
                    ? await LoadAsync(one, server.Backing, columns, $"\\copy bench_rows from '{file.Path}' with (format csv)")
                    : await LoadAsync(one, server.Redshift, columns, Copy(set.Name + (one.Way == Tenth ? "-tenth.csv" : one.Way == Gzip ? "-packed.csv" : ".csv"), one.Way == Gzip ? "gzip" : ""));
                reference ??= one.Way == Direct ? digest : null;
                one.IsVerified &= one.Way == Tenth
                    ? digest.StartsWith(one.Rows.ToString(CultureInfo.InvariantCulture) + " rows", StringComparison.Ordinal)
                    : digest == reference;
                Console.Error.WriteLine($"  {set.Name} round {round + 1} {one.Way}: {one.Seconds[^1]:0.00} s{(one.IsVerified ? "" : "  WRONG: " + digest)}");
            }
        }

        File.Delete(file.Path);
        File.Delete(small.Path);
        return series;
    }

    private async Task<GeneratedFile> StoreAsync(DataSet set, long bytes, string name, bool withGzip)
    {
        var file = set.Generate(Path.Combine(options.Folder, name), null, bytes);
        await store.PutFileAsync(name, file.Path);
        if (withGzip)
        {
            var packed = file.Path + ".gz";
            await using (var source = File.OpenRead(file.Path))
            await using (var target = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
            {
                await source.CopyToAsync(target);
            }

            // COPY takes every key that begins so: typed.csv.gz would be loaded with typed.csv.
            await store.PutFileAsync(set.Name + "-packed.csv", packed);
            File.Delete(packed);
        }

        return file;
    }

    private async Task<string> LoadAsync(CopySeries series, string target, string columns, string command)
    {
        await PsqlAsync(server.Backing, "drop table if exists bench_rows");
        await PsqlAsync(target, $"create table bench_rows ({columns})");
        await PsqlAsync(server.Backing, "checkpoint");
        server.ForgetPeak();
        var measured = await PsqlAsync(target, command);
        series.Seconds.Add(measured.Wall);
        if (series.Way != Direct)
        {
            series.PeakBytes.Add(server.PeakBytes);
        }

        return (await PsqlAsync(server.Backing, Digest(columns), "-At")).Output.Trim();
    }

    private async Task<Measurement> PsqlAsync(string target, string command, params string[] arguments)
    {
        var measured = await _runner.RunAsync(_psql, ["-X", "-q", "-v", "ON_ERROR_STOP=1", .. arguments, "-d", target, "-c", command]);
        return measured.ExitCode == 0 ? measured : throw new InvalidOperationException($"{command}: {measured.Output}{await ErrorsAsync()}");
    }

    private async Task<string> ErrorsAsync() => (await _runner.RunAsync(
        _psql,
        ["-X", "-d", server.Redshift, "-c", "select trim(filename), line_number, trim(colname), err_code, trim(raw_field_value), trim(raw_line) from stl_load_errors limit 5"])).Output;

    private static string Copy(string name, string compression) =>
        $"copy bench_rows from 's3://{LocalServer.Bucket}/{name}' access_key_id '{LocalServer.AccessKey}' secret_access_key '{LocalServer.SecretKey}' csv timeformat 'auto' {compression}";

    // Redshift has no uuid and no text without a length.
    private static string Columns(DataSet set) =>
        set.Columns.Replace(" text", " varchar(512)", StringComparison.Ordinal).Replace(" uuid", " varchar(36)", StringComparison.Ordinal);

    // Redshift loads an empty field as an empty string, PostgreSQL an unquoted one as NULL.
    private static string Digest(string columns)
    {
        var values = columns.Split(", ").Select(column => column.Split(' ')[0] is var name && column.Contains("varchar", StringComparison.Ordinal) ? $"coalesce({name}, '')" : name);
        return $"select count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(row({string.Join(", ", values)})::text, 0)), 0) from bench_rows";
    }
}

using System.Globalization;
using BenchmarkDotNet.Running;
using Sluice.Benchmarks;
using Sluice.Benchmarks.Data;
using Sluice.Benchmarks.RedshiftLocal;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["load"]:
        return await new EndToEnd(BenchOptions.FromEnvironment(), Connection.FromEnvironment()).RunAsync();
    case ["formats"]:
        return await new TextFormats(BenchOptions.FromEnvironment(), Connection.FromEnvironment()).RunAsync();
    case ["postgres"]:
        var sets = Environment.GetEnvironmentVariable("POSTGRES_SETS") is { Length: > 0 } written ? written : "table database";
        var tableCode = sets.Contains("table", StringComparison.Ordinal) ? await new PostgresCopies(BenchOptions.FromEnvironment(), Connection.FromEnvironment()).RunAsync() : 0;
        var databaseCode = sets.Contains("database", StringComparison.Ordinal) ? await new PostgresDatabases(BenchOptions.FromEnvironment(), Connection.FromEnvironment()).RunAsync() : 0;
        return Math.Max(tableCode, databaseCode);
    case ["sqlite"]:
        return await new SqliteBenchmark(BenchOptions.FromEnvironment(), Connection.FromEnvironment()).RunAsync();
    case ["mysql"]:
        return await new MySqlBenchmark(BenchOptions.FromEnvironment(), Connection.FromEnvironment()).RunAsync();
    case ["start-up"]:
        return await new StartUp(BenchOptions.FromEnvironment()).RunAsync();
    case ["staging"]:
        return await new StagingLoads(BenchOptions.FromEnvironment()).RunAsync();
    case ["staging-latency"]:
        return await new StagingLatency(BenchOptions.FromEnvironment()).RunAsync();
    case ["store", var folder, var delay]:
        return await StagingProcesses.ServeAsync(folder, int.Parse(delay, CultureInfo.InvariantCulture));
    case ["stage", var file, var compression, var writers]:
        return await StagingProcesses.StageAsync(file, compression, int.Parse(writers, CultureInfo.InvariantCulture));
    case ["redshift-local"]:
        return await new LocalBenchmark(BenchOptions.FromEnvironment()).RunAsync();
    case ["redshift-loads"]:
        return await new RedshiftLoads(BenchOptions.FromEnvironment()).RunAsync();
    case ["redshift-source"]:
        return await new RedshiftSources(BenchOptions.FromEnvironment(), Connection.FromEnvironment()).RunAsync();
    case ["generate", var set, var size, var path]:
        Console.WriteLine(DataSets.ByName(set).Generate(path, null, BenchOptions.ParseSize(size)));
        return 0;
    case ["query", var sql]:
        foreach (var row in await Connection.FromEnvironment().QueryAsync(sql))
        {
            Console.WriteLine(string.Join(" | ", row));
        }

        return 0;
    case ["micro", .. var rest]:
        BenchmarkSwitcher.FromAssembly(typeof(DataSet).Assembly).Run(rest);
        return 0;
    default:
        Console.Error.WriteLine("usage: load | formats | sqlite | mysql | postgres | start-up | redshift-local | redshift-loads | redshift-source | staging | staging-latency | generate SET SIZE FILE | query SQL | micro [BenchmarkDotNet options]");
        return 2;
}

using System.Globalization;
using Sluice.Benchmarks.Data;

namespace Sluice.Benchmarks;

/// <summary>A program that loads a CSV file into the table of a set.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Program">Found on PATH, or a path.</param>
/// <param name="Options">WITH options of the load file, beyond those that say how the file is written.</param>
public sealed record Loader(string Name, string Program, string Options)
{
    public bool IsPsql => Name == "psql";

    public bool IsPgloader => Name == "pgloader";

    public bool IsSluice => Name.StartsWith("sluice", StringComparison.Ordinal);

    /// <summary>Writes what the program needs into <paramref name="folder"/> and returns its arguments.</summary>
    public IReadOnlyList<string> Prepare(DataSet set, string dataPath, string folder, Connection connection)
    {
        if (IsPsql)
        {
            return ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", $"\\copy {set.Table} from '{dataPath}' with (format csv)"];
        }

        var commandPath = Path.Combine(folder, $"{Name}-{set.Name}.load");
        File.WriteAllText(commandPath, Command(set, dataPath, connection));
        string[] rejects = IsSluice ? ["--root-dir", Path.Combine(folder, "rejects")] : ["--root-dir", Path.Combine(folder, "pgloader")];
        return [.. rejects, commandPath];
    }

    // Sluice reads libpq's variables; pgloader has to be told.
    private string Command(DataSet set, string dataPath, Connection connection)
    {
        var uri = IsPgloader
            ? string.Create(CultureInfo.InvariantCulture, $"postgresql://{connection.User}:{connection.Password}@{connection.Host}:{connection.Port}/{connection.Database}?{set.Table}")
            : $"postgresql:///?{set.Table}";
        return $"""
            LOAD CSV FROM '{dataPath}' WITH ENCODING utf-8
                 INTO {uri}
                 WITH fields terminated by ',', fields optionally enclosed by '"', fields escaped by double-quote{(Options.Length > 0 ? ", " + Options : "")};

            """;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using RedshiftLocal.Protocol;
using RedshiftLocal.Unload.Commands;

namespace RedshiftLocal.Unload;

/// <summary>What is written where, checked against the columns of the query before the store is asked.</summary>
internal sealed record UnloadPlan(UnloadCommand Command, ImmutableArray<UnloadColumn> Columns)
{
    private static readonly string[] PartitionTypes =
        ["smallint", "integer", "bigint", "numeric", "real", "boolean", "character", "character varying", "date", "timestamp without time zone"];

    /// <summary>The indexes of the columns of PARTITION BY.</summary>
    public required ImmutableArray<int> Partitions { get; init; }

    /// <summary>The indexes of the columns in the files.</summary>
    public required ImmutableArray<int> Shown { get; init; }

    /// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html, usage notes</remarks>
    public static UnloadPlan Create(UnloadCommand command, ImmutableArray<UnloadColumn> columns)
    {
        var partitions = command.PartitionBy.Select(name => Partition(columns, name)).ToImmutableArray();
        var shown = Enumerable.Range(0, columns.Length).Where(index => command.IncludePartitions || !partitions.Contains(index)).ToImmutableArray();
        if (partitions.Length == columns.Length)
        {
            throw new ServerException("0A000", "UNLOAD needs at least one column that is not in PARTITION BY");
        }

        CheckFormat(command, columns, shown);
        return new UnloadPlan(command, columns) { Partitions = partitions, Shown = shown };
    }

    /// <summary>One folder after the other, so that the files of one only are open.</summary>
    public string Ordered(string query) => Partitions.IsEmpty
        ? query
        : $"SELECT * FROM ({query}\n) AS unloaded ORDER BY {string.Join(", ", Partitions.Select(index => (index + 1).ToString(CultureInfo.InvariantCulture)))}";

    private static int Partition(ImmutableArray<UnloadColumn> columns, string name)
    {
        var found = columns.Select((column, index) => (column, index)).Where(pair => pair.column.Name == name).ToList();
        if (found.Count != 1)
        {
            throw found.Count == 0
                ? new ServerException("42703", $"column \"{name}\" of PARTITION BY is not in the query")
                : new ServerException("42702", $"column reference \"{name}\" is ambiguous");
        }

        return PartitionTypes.Contains(found[0].column.Type)
            ? found[0].index
            : throw new ServerException("0A000", $"A column of type {found[0].column.Type} cannot be in PARTITION BY");
    }

    private static void CheckFormat(UnloadCommand command, ImmutableArray<UnloadColumn> columns, ImmutableArray<int> shown)
    {
        if (command.Format is UnloadFormat.FixedWidth && command.Widths.Length != shown.Length)
        {
            throw new ServerException(
                "22023", string.Create(CultureInfo.InvariantCulture, $"FIXEDWIDTH has {command.Widths.Length} columns, the query has {shown.Length}"));
        }

        if (command.Format is UnloadFormat.FixedWidth or UnloadFormat.Json && shown.Any(index => columns[index].Type == "varbyte"))
        {
            throw new ServerException("0A000", "VARBYTE can be unloaded to text or CSV only");
        }

        if (command.Format is UnloadFormat.Json && shown.GroupBy(index => columns[index].Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ServerException("42701", $"UNLOAD to JSON needs unique column names, and \"{twice.Key}\" is there more than once");
        }
    }
}

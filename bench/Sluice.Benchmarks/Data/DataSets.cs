namespace Sluice.Benchmarks.Data;

/// <summary>Every set there is, by name.</summary>
public static class DataSets
{
    public static IReadOnlyList<DataSet> All { get; } =
    [
        new TypedSet(Oddity.None),
        new MixedSet(),
        new TextSet(),
        new TypedSet(Oddity.BadValue),
        new TypedSet(Oddity.FailedCheck),
        new TypedSet(Oddity.OddButValid),
    ];

    public static DataSet ByName(string name) =>
        All.FirstOrDefault(set => set.Name == name)
        ?? throw new ArgumentException($"No data set is named {name}; there are: {string.Join(", ", All.Select(set => set.Name))}");
}

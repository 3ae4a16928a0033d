namespace Sluice.Plans;

/// <summary>Something of the target that goes before tables are created.</summary>
/// <param name="Kind">What it is: <c>table</c>, <c>view</c>, <c>foreign key</c>.</param>
/// <param name="Name">Its name, with the table it belongs to.</param>
/// <param name="Rows">About how many, of a table.</param>
/// <param name="IsDependent">Goes because it depends on what is dropped.</param>
public sealed record DroppedObject(string Kind, string Name, long? Rows, bool IsDependent);

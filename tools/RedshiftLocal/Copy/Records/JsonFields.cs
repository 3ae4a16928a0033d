using System.Collections.Immutable;
using System.Text.Json;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Values;

namespace RedshiftLocal.Copy.Records;

/// <summary>Which value of a JSON record goes to which column.</summary>
internal sealed class JsonFields
{
    private readonly JsonMappingKind _kind;
    private readonly ImmutableArray<JsonPath> _paths;
    private readonly Dictionary<string, int> _places;

    /// <param name="kind">How columns are found.</param>
    /// <param name="columns">In the order of the fields.</param>
    /// <param name="paths">One for each column where the kind asks for them.</param>
    public JsonFields(JsonMappingKind kind, ImmutableArray<TargetColumn> columns, ImmutableArray<JsonPath> paths)
    {
        _kind = kind;
        _paths = paths;
        Count = columns.Length;
        _places = new Dictionary<string, int>(kind == JsonMappingKind.AutoIgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
        {
            _places.TryAdd(columns[i].Name, i);
        }

        IsSuper = [.. columns.Select(column => column.Type == "super")];
    }

    public int Count { get; }

    /// <summary>The column takes JSON as it is.</summary>
    public ImmutableArray<bool> IsSuper { get; }

    /// <summary>Fills in the values found; null where there is none. False: the record has not the form that is needed.</summary>
    public bool Fill(JsonElement root, JsonElement?[] values)
    {
        Array.Clear(values);
        switch (_kind)
        {
            case JsonMappingKind.NoShred:
                values[0] = root;
                return true;
            case JsonMappingKind.Paths:
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = _paths[i].Find(root);
                }

                return true;
            default:
                return FillByName(root, values);
        }
    }

    private bool FillByName(JsonElement root, JsonElement?[] values)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var member in root.EnumerateObject())
        {
            if (_places.TryGetValue(member.Name, out var place))
            {
                values[place] = member.Value;
            }
        }

        return true;
    }
}

namespace RedshiftLocal.Copy.Commands;

public enum JsonMappingKind
{
    /// <summary>Names of members are names of columns.</summary>
    Auto,

    /// <summary>The same, whatever their case.</summary>
    AutoIgnoreCase,

    /// <summary>The whole document goes into one column of type SUPER.</summary>
    NoShred,

    /// <summary>A file has a path for each column.</summary>
    Paths,
}

/// <summary>The argument of JSON. https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html</summary>
/// <param name="Kind">Which it is.</param>
/// <param name="PathsFile">The file of paths.</param>
public sealed record JsonMapping(JsonMappingKind Kind, S3Location? PathsFile = null)
{
    /// <summary>Reads the argument; null when it is none of these.</summary>
    public static JsonMapping? Parse(string text) => text switch
    {
        "auto" => new JsonMapping(JsonMappingKind.Auto),
        "auto ignorecase" => new JsonMapping(JsonMappingKind.AutoIgnoreCase),
        "noshred" => new JsonMapping(JsonMappingKind.NoShred),
        _ => S3Location.Parse(text) is { Key.Length: > 0 } place ? new JsonMapping(JsonMappingKind.Paths, place) : null,
    };
}

using System.Globalization;

namespace RedshiftLocal.Copy.Values;

internal enum IdentityKind
{
    None,
    Always,
    ByDefault,
}

/// <summary>A column of the table to be loaded, in Redshift's words.</summary>
internal sealed record TargetColumn(string Name, string Type)
{
    public int Length { get; init; }

    public int Precision { get; init; }

    public int Scale { get; init; }

    public bool NotNull { get; init; }

    public bool HasDefault { get; init; }

    public IdentityKind Identity { get; init; }

    /// <summary>The type as the error views name it.</summary>
    public string ShownType => Type switch
    {
        "smallint" => "int2",
        "integer" => "int4",
        "bigint" => "int8",
        "real" => "float4",
        "double precision" => "float8",
        "boolean" => "bool",
        "character" => "char",
        "character varying" => "varchar",
        var other => other,
    };

    /// <summary>The length as the error views show it.</summary>
    public string ShownLength => Type == "numeric"
        ? string.Create(CultureInfo.InvariantCulture, $"{Precision},{Scale}")
        : Length.ToString(CultureInfo.InvariantCulture);
}

namespace Sluice.Catalog;

/// <summary>A table's bare name and its schema; names are never quoted here. A null schema means: by search_path.</summary>
public readonly record struct QualifiedName(string? Schema, string Name)
{
    /// <summary>For messages and labels only: quoted where needed. SQL is written by a dialect.</summary>
    public override string ToString() => Schema is null ? Identifier.Display(Name) : $"{Identifier.Display(Schema)}.{Identifier.Display(Name)}";
}

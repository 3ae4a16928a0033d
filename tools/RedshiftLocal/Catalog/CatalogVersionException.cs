namespace RedshiftLocal.Catalog;

/// <summary>A data folder holds a catalog that this version can neither use nor upgrade.</summary>
public sealed class CatalogVersionException(int found, Exception? inner = null)
    : Exception(
        $"The data folder was made by another version of redshift-local: its catalog has version {found}, this program makes version {Bootstrapper.Version}"
        + (inner is null ? "" : $" and cannot upgrade it ({inner.Message})")
        + ". Use the version that made it, or an empty folder with --data.",
        inner)
{
    /// <summary>The version found in the database.</summary>
    public int Found { get; } = found;
}

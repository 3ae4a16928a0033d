namespace Sluice.Postgres;

/// <summary>The embedded catalog queries.</summary>
internal static class SqlText
{
    /// <param name="name">The file's name without its folder: <c>table.sql</c>.</param>
    public static string Read(string name)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

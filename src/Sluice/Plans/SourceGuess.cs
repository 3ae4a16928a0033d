using Sluice.Commands;

namespace Sluice.Plans;

/// <summary>What kind of source a SOURCE on the command line is.</summary>
internal static class SourceGuess
{
    private static readonly Dictionary<string, LoadKinds> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csv"] = LoadKinds.Csv,
        ["fixed"] = LoadKinds.Fixed,
        ["copy"] = LoadKinds.Copy,
        ["dbf"] = LoadKinds.Dbf,
        ["db3"] = LoadKinds.Dbf,
        ["ixf"] = LoadKinds.Ixf,
        ["sqlite"] = LoadKinds.Sqlite,
        ["sqlite3"] = LoadKinds.Sqlite,
        ["mysql"] = LoadKinds.MySql,
        ["mssql"] = LoadKinds.SqlServer,
        ["pgsql"] = LoadKinds.Postgres,
        ["postgresql"] = LoadKinds.Postgres,
    };

    private static readonly Dictionary<string, LoadKinds> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csv"] = LoadKinds.Csv,
        ["tsv"] = LoadKinds.Csv,
        ["txt"] = LoadKinds.Csv,
        ["text"] = LoadKinds.Csv,
        ["copy"] = LoadKinds.Copy,
        ["dat"] = LoadKinds.Copy,
        ["sqlite"] = LoadKinds.Sqlite,
        ["db"] = LoadKinds.Sqlite,
        ["sqlite3"] = LoadKinds.Sqlite,
        ["db3"] = LoadKinds.Dbf,
        ["dbf"] = LoadKinds.Dbf,
        ["ixf"] = LoadKinds.Ixf,
    };

    public static IEnumerable<string> TypeNames => Types.Keys;

    /// <summary>The kind of a <c>--type</c>, or <see cref="LoadKinds.None"/>.</summary>
    public static LoadKinds OfType(string type) => Types.GetValueOrDefault(type);

    /// <summary>The kind by scheme or extension, or <see cref="LoadKinds.None"/>.</summary>
    public static LoadKinds Of(string source)
    {
        var scheme = DatabaseUriReader.SchemeOf(source);
        if (scheme is not null)
        {
            return scheme switch
            {
                "mysql" => LoadKinds.MySql,
                "mssql" => LoadKinds.SqlServer,
                "sqlite" => LoadKinds.Sqlite,
                _ => LoadKinds.Postgres,
            };
        }

        var colon = source.IndexOf("://", StringComparison.Ordinal);
        var word = colon < 0 ? "" : source[..colon].ToLowerInvariant();
        if (word is "csv" or "fixed" or "copy" or "dbf" or "ixf")
        {
            return Types[word];
        }

        if (word is "http" or "https")
        {
            return Uri.TryCreate(source, UriKind.Absolute, out var address) ? OfExtension(address.AbsolutePath) : LoadKinds.None;
        }

        if (IsUnbuiltLocation(source))
        {
            return OfExtension(source) is var kind and not LoadKinds.None ? kind : LoadKinds.Csv;
        }

        return colon < 0 ? OfExtension(source) : LoadKinds.None;
    }

    /// <summary>Whether the source is at a place that a later version reads from: its command is understood, but cannot run.</summary>
    public static bool IsUnbuiltLocation(string source) => source.StartsWith("s3://", StringComparison.OrdinalIgnoreCase);

    private static LoadKinds OfExtension(string path)
    {
        var parts = path[(path.LastIndexOf('/') + 1)..].Split('.');
        if (parts.Length > 2 && parts[^1].ToLowerInvariant() is "gz" or "zip" && Extensions.GetValueOrDefault(parts[^2]) == LoadKinds.Sqlite)
        {
            return LoadKinds.Sqlite;
        }

        if (parts.Length > 2 && parts[^1].ToLowerInvariant() is "gz" or "bz2" or "xz" or "zst" or "lz4")
        {
            return Extensions.GetValueOrDefault(parts[^2]) is var inside && (inside & LoadKinds.Text) != 0 ? inside : LoadKinds.None;
        }

        return parts.Length < 2 || (parts.Length > 2 && parts[^2].Equals("tar", StringComparison.OrdinalIgnoreCase))
            ? LoadKinds.None
            : Extensions.GetValueOrDefault(parts[^1]);
    }
}

namespace Sluice.Casts;

/// <summary>The Lisp packages whose prefix a load file may write: <c>cl:subseq</c> is <c>subseq</c>.</summary>
internal static class PackageNames
{
    private static readonly string[] Known =
    [
        "cl", "common-lisp", "cl-user", "common-lisp-user", "pgloader.transforms", "pgloader.user-symbols", "pgloader", "split-sequence",
        "alexandria", "uiop",
    ];

    /// <summary>The name without the prefix of a known package; other names as they are.</summary>
    public static string Strip(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !Known.Contains(name[..colon], StringComparer.OrdinalIgnoreCase))
        {
            return name;
        }

        var rest = name[(colon + 1)..];
        return rest.StartsWith(':') ? rest[1..] : rest;
    }

    /// <summary>Whether a package prefix is written, known or not.</summary>
    public static bool IsQualified(string name) => name.IndexOf(':', StringComparison.Ordinal) > 0;
}

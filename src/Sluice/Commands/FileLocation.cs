using System.Text.RegularExpressions;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>Where the bytes of a file load come from.</summary>
public abstract record FileLocation
{
    /// <summary>Where it was written in the command.</summary>
    public TextSpan Span { get; init; }

    /// <summary>Standard input.</summary>
    public sealed record Stdin : FileLocation;

    /// <summary>The text that follows the command in its own file. <paramref name="Offset"/> is a 0-based byte offset into that file.</summary>
    public sealed record Inline(string Path, long Offset) : FileLocation;

    /// <summary>A download over HTTP or HTTPS.</summary>
    public sealed record Http(Uri Address) : FileLocation;

    /// <summary>One local file, absolute.</summary>
    public sealed record LocalFile(string Path) : FileLocation;

    /// <summary>The files below a folder whose path (relative to it, with <c>/</c>) matches.</summary>
    public sealed record Matching(Regex Pattern, string Directory, bool All) : FileLocation;
}

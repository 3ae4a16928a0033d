using System.Text;
using System.Text.RegularExpressions;
using Sluice.Commands;

namespace Sluice.Plans;

/// <summary>What names of a source are called in the target. All of them are bare: SQL quotes them.</summary>
public static partial class TargetNames
{
    /// <summary>By the command's rule about the case of names. Names that need quotes anywhere stay as they are.</summary>
    public static string Fold(string name, IdentifierCase rule) => !Plain().IsMatch(name) || rule == IdentifierCase.Quote
        ? name
        : rule == IdentifierCase.SnakeCase
            ? WordStart().Replace(name, "_").ToLowerInvariant()
            : name.ToLowerInvariant().Replace('$', '_');

    /// <summary>As the server would cut it: at the last whole character.</summary>
    public static string Cut(string name, int maxBytes)
    {
        var bytes = 0;
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return name[..length];
    }

    /// <summary>A name that is not taken yet: cut, and numbered where others have the same. Takes it.</summary>
    public static string Free(string name, ISet<string> taken, int maxBytes)
    {
        var free = Cut(name, maxBytes);
        for (var i = 2; !taken.Add(free); i++)
        {
            var number = FormattableString.Invariant($"_{i}");
            free = Cut(name, maxBytes - number.Length) + number;
        }

        return free;
    }

    public static int Bytes(string name) => Encoding.UTF8.GetByteCount(name);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_$]*$")]
    private static partial Regex Plain();

    // Before a capital that follows neither a capital nor an underscore: playerID, but not XMLFile.
    [GeneratedRegex("(?<=[^A-Z_])(?=[A-Z])")]
    private static partial Regex WordStart();
}

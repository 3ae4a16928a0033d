using System.Collections.Frozen;
using System.Text;

namespace Sluice.Commands;

/// <summary>The encodings that a command may name: every one of .NET, and pgloader's names for them.</summary>
public static class EncodingNames
{
    // pgloader's names that .NET does not know, or knows as something else.
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["utf8"] = "utf-8",
        ["utf_8"] = "utf-8",
        ["utf16"] = "utf-16",
        ["utf16le"] = "utf-16",
        ["utf-16le"] = "utf-16",
        ["utf16be"] = "utf-16BE",
        ["utf-16be"] = "utf-16BE",
        ["ucs-2"] = "utf-16",
        ["ucs2"] = "utf-16",
        ["ucs-2le"] = "utf-16",
        ["ucs2le"] = "utf-16",
        ["ucs-2be"] = "utf-16BE",
        ["ucs2be"] = "utf-16BE",
        ["utf32"] = "utf-32",
        ["utf32le"] = "utf-32",
        ["utf-32le"] = "utf-32",
        ["utf32be"] = "utf-32BE",
        ["utf-32be"] = "utf-32BE",
        ["ucs-4"] = "utf-32",
        ["ucs4"] = "utf-32",
        ["ucs-4le"] = "utf-32",
        ["ucs-4be"] = "utf-32BE",
        ["ascii"] = "us-ascii",
        ["ansi_x3.4-1968"] = "us-ascii",
        ["iso-646"] = "us-ascii",
        ["iso-646-us"] = "us-ascii",
        ["646"] = "us-ascii",
        ["latin-1"] = "iso-8859-1",
        ["latin1"] = "iso-8859-1",
        ["latin_1"] = "iso-8859-1",
        ["iso_8859-1"] = "iso-8859-1",
        ["iso8859-1"] = "iso-8859-1",
        ["l1"] = "iso-8859-1",
        ["latin-2"] = "iso-8859-2",
        ["latin2"] = "iso-8859-2",
        ["latin-3"] = "iso-8859-3",
        ["latin3"] = "iso-8859-3",
        ["latin-4"] = "iso-8859-4",
        ["latin4"] = "iso-8859-4",
        ["latin-5"] = "iso-8859-9",
        ["latin5"] = "iso-8859-9",
        ["latin-9"] = "iso-8859-15",
        ["latin9"] = "iso-8859-15",
        ["iso8859-15"] = "iso-8859-15",
        ["iso8859-2"] = "iso-8859-2",
        ["iso8859-3"] = "iso-8859-3",
        ["iso8859-4"] = "iso-8859-4",
        ["iso8859-5"] = "iso-8859-5",
        ["iso8859-6"] = "iso-8859-6",
        ["iso8859-7"] = "iso-8859-7",
        ["iso8859-8"] = "iso-8859-8",
        ["iso8859-9"] = "iso-8859-9",
        ["iso8859-13"] = "iso-8859-13",
        ["tis-620"] = "windows-874",
        ["iso-8859-11"] = "windows-874",
        ["iso8859-11"] = "windows-874",
        ["eucjp"] = "euc-jp",
        ["euc_jp"] = "euc-jp",
        ["sjis"] = "shift_jis",
        ["shift-jis"] = "shift_jis",
        ["cp932"] = "shift_jis",
        ["gbk"] = "gb2312",
        ["cp936"] = "gb2312",
        ["euckr"] = "euc-kr",
        ["euc_kr"] = "euc-kr",
        ["big5"] = "big5",
        ["cp950"] = "big5",
        ["x-mac-cyrillic"] = "x-mac-cyrillic",
        ["macintosh"] = "macintosh",
        ["mac"] = "macintosh",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every encoding by its .NET name with its further names, sorted: what <c>--list-encodings</c> prints.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Aliases)> All { get; } = BuildList();

    /// <summary>The .NET name for a name of the user's, or null when there is none.</summary>
    public static string? Find(string name)
    {
        var plain = name.Trim();
        var known = Aliases.GetValueOrDefault(plain) ?? CodePageName(plain) ?? plain;
        return TryGet(known)?.WebName;
    }

    /// <summary>The encoding of a name that <see cref="Find"/> gave.</summary>
    public static Encoding Get(string name) => TryGet(name) ?? throw new ArgumentException($"no encoding is called {name}", nameof(name));

    /// <summary>The known name nearest to a wrong one, or null.</summary>
    public static string? Nearest(string name) =>
        Diagnostics.Suggest.Nearest(name, All.SelectMany(entry => entry.Aliases.Prepend(entry.Name)));

    // cp1252, cp866: Windows and OEM code pages by number.
    private static string? CodePageName(string name)
    {
        var digits = name.StartsWith("cp", StringComparison.OrdinalIgnoreCase) ? name[2..]
            : name.StartsWith("ibm-", StringComparison.OrdinalIgnoreCase) ? name[4..] : "";
        return int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
            out var page) && page > 0
            ? CodePagesEncodingProvider.Instance.GetEncoding(page)?.WebName
            : null;
    }

    private static Encoding? TryGet(string name)
    {
        if (name.Length == 0 || name.Equals("utf-7", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static List<(string Name, IReadOnlyList<string> Aliases)> BuildList()
    {
        var names = Encoding.GetEncodings().Concat(CodePagesEncodingProvider.Instance.GetEncodings())
            .Select(info => info.Name).Where(name => TryGet(name) is not null)
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        var further = Aliases.Where(alias => !alias.Key.Equals(alias.Value, StringComparison.OrdinalIgnoreCase)).ToList();
        return [.. names.Select(name => (name, (IReadOnlyList<string>)[.. OtherNames(name, further)]))];
    }

    private static IEnumerable<string> OtherNames(string name, List<KeyValuePair<string, string>> further)
    {
        var page = TryGet(name)!.CodePage; // the name comes from the list of those that exist
        var codePage = $"cp{page}";
        var aliases = further.Where(alias => alias.Value.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(alias => alias.Key).ToHashSet(StringComparer.Ordinal);
        if (page < 10000 && page is not (1200 or 1201) && CodePagesEncodingProvider.Instance.GetEncoding(page) is not null)
        {
            aliases.Add(codePage);
        }

        return aliases.Order(StringComparer.Ordinal);
    }
}

using System.Text;

namespace RedshiftLocal.Sql;

/// <summary>How names are folded, cut and quoted.</summary>
internal static class Identifiers
{
    private const int MaxBytes = 127;
    private const int MaxBackingBytes = 63;

    /// <summary>ASCII letters in lower case, all else as it is.</summary>
    public static string Fold(string name) => string.Create(name.Length, name, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.ToLowerInvariant(source[i]) is var lower && source[i] < 0x80 ? lower : source[i];
        }
    });

    /// <summary>At most 127 bytes, cut between characters. See the guide's page "Names and identifiers".</summary>
    public static string Cut(string name)
    {
        if (name.Length <= MaxBytes / 3 || Encoding.UTF8.GetByteCount(name) <= MaxBytes)
        {
            return name;
        }

        var bytes = 0;
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return name[..length];
    }

    /// <summary>The name that a token means: lower case, quoted or not, unless names are case-sensitive.</summary>
    public static string Name(Token token, SessionFacts facts)
    {
        var name = token.Kind is TokenKind.QuotedName && !facts.CaseSensitiveIdentifiers ? Fold(token.Value) : token.Value;
        if (name.Length > MaxBackingBytes / 4 && Encoding.UTF8.GetByteCount(name) > MaxBackingBytes)
        {
            throw Refusals.NotCovered($"a name of more than {MaxBackingBytes} bytes (\"{name}\")");
        }

        return name;
    }

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A literal for a server that reads backslashes.</summary>
    public static string Literal(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}

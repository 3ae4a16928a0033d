using System.Buffers;
using System.Text;
using Sluice.Commands;

namespace Sluice.Sources.Csv;

/// <summary>What an escape does.</summary>
internal enum CsvEscape
{
    /// <summary>Nothing is escaped.</summary>
    None,

    /// <summary>A quote inside a quoted part is written twice.</summary>
    Doubled,

    /// <summary>The escape character and a quote stand for a quote; before anything else it is an ordinary character.</summary>
    BeforeQuote,

    /// <summary>As before, and the escape character written twice stands for itself.</summary>
    BeforeQuoteOrItself,

    /// <summary>The escape character makes any next character literal.</summary>
    Following,
}

/// <summary>CSV options in the form the parser works with: bytes of UTF-8.</summary>
internal sealed class CsvDialect
{
    private readonly byte[] _blanks;

    public CsvDialect(string separator, string? quote, string escape, bool escapeFollowing, string terminator, bool trim)
    {
        Separator = Encoding.UTF8.GetBytes(separator);
        Terminator = Encoding.UTF8.GetBytes(terminator);
        Quote = quote is null ? [] : Encoding.UTF8.GetBytes(quote);
        (Escape, EscapeMark) = EscapeOf(quote, escape, escapeFollowing);
        Trim = trim;
        _blanks = [.. new[] { (byte)' ', (byte)'\t', (byte)'\r' }.Where(b => b != Separator[0] && b != Terminator[0])];
        Specials = SearchValues.Create([.. new[] { Separator, Terminator, Quote, EscapeMark }.Where(s => s.Length > 0).Select(s => s[0])]);
        QuotedSpecials = SearchValues.Create([.. new[] { Quote, EscapeMark }.Where(s => s.Length > 0).Select(s => s[0])]);
    }

    public byte[] Separator { get; }

    public byte[] Terminator { get; }

    /// <summary>Empty when fields are not enclosed.</summary>
    public byte[] Quote { get; }

    public CsvEscape Escape { get; }

    /// <summary>The escape character; empty for <see cref="CsvEscape.None"/> and <see cref="CsvEscape.Doubled"/>.</summary>
    public byte[] EscapeMark { get; }

    /// <summary>Whether blanks around fields are dropped.</summary>
    public bool Trim { get; }

    /// <summary>First bytes of all that means something outside quotes.</summary>
    public SearchValues<byte> Specials { get; }

    /// <summary>First bytes of all that means something inside quotes.</summary>
    public SearchValues<byte> QuotedSpecials { get; }

    /// <summary>Space, TAB and CR, as far as they are not separator or terminator.</summary>
    public bool IsBlank(byte b) => b <= ' ' && Array.IndexOf(_blanks, b) >= 0;

    public static CsvDialect From(CsvOptions options, string separator) =>
        new(separator, options.Quote, options.Escape, options.EscapeFollowing, options.LineTerminator, options.TrimUnquotedBlanks);

    private static (CsvEscape Escape, byte[] Mark) EscapeOf(string? quote, string escape, bool following)
    {
        var first = escape.Length == 0 ? "" : Rune.GetRuneAt(escape, 0).ToString();
        var isQuote = first == quote || escape == "\"\"";
        if (following && !isQuote && first.Length > 0)
        {
            return (CsvEscape.Following, Encoding.UTF8.GetBytes(first));
        }

        if (quote is null || first.Length == 0)
        {
            return (CsvEscape.None, []);
        }

        return isQuote ? (CsvEscape.Doubled, [])
            : (escape.Length > first.Length ? CsvEscape.BeforeQuote : CsvEscape.BeforeQuoteOrItself, Encoding.UTF8.GetBytes(first));
    }
}

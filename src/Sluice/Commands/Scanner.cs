using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>Reads words and punctuation from a part of a command's text; what a character means depends on who asks.</summary>
internal sealed partial class Scanner(SourceText source, int start, int end)
{
    public Scanner(SourceText source)
        : this(source, 0, source.Text.Length)
    {
    }

    public SourceText Source { get; } = source;

    public int Position { get; set; } = start;

    public int End { get; } = end;

    public bool AtEnd => Position >= End;

    /// <summary>The character at the position, or NUL at the end.</summary>
    public char Current => Peek(0);

    /// <summary>The end of what was read last, without the blanks after it.</summary>
    public int LastEnd { get; private set; } = start;

    public char Peek(int ahead) => Position + ahead < End ? Source.Text[Position + ahead] : '\0';

    /// <summary>Skips blanks, <c>--</c> comments and <c>/* */</c> comments.</summary>
    public void SkipBlanks()
    {
        while (!AtEnd)
        {
            if (char.IsWhiteSpace(Current) || Current == '\uFEFF')
            {
                Position++;
            }
            else if (Current == '-' && Peek(1) == '-')
            {
                var newline = Source.Text.IndexOf('\n', Position, End - Position);
                Position = newline < 0 ? End : newline + 1;
            }
            else if (Current == '/' && Peek(1) == '*')
            {
                var close = Position + 2 <= End ? Source.Text.IndexOf("*/", Position + 2, End - Position - 2, StringComparison.Ordinal)
                    : -1;
                if (close < 0)
                {
                    throw Fail(new TextSpan(Position, 2), "This comment never ends", "close it with */");
                }

                Position = close + 2;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Reads the words, case ignored and blanks between them, or nothing. A word must end where it ends.</summary>
    public bool TryWords(string words)
    {
        var start = Position;
        foreach (var range in words.AsSpan().Split(' '))
        {
            SkipBlanks();
            if (!IsWordHere(words.AsSpan(range)))
            {
                Position = start;
                return false;
            }

            Position += range.End.Value - range.Start.Value;
        }

        LastEnd = Position;
        return true;
    }

    public bool LooksAt(string words)
    {
        var (position, lastEnd) = (Position, LastEnd);
        var found = TryWords(words);
        (Position, LastEnd) = (position, lastEnd);
        return found;
    }

    /// <summary>Reads one character of punctuation after blanks.</summary>
    public bool TryPunctuation(char c)
    {
        SkipBlanks();
        if (AtEnd || Current != c)
        {
            return false;
        }

        Position++;
        LastEnd = Position;
        return true;
    }

    public void ExpectWords(string words, string? hint = null)
    {
        if (!TryWords(words))
        {
            throw Expected(words.ToUpperInvariant(), hint, words.Split(' '));
        }
    }

    public void ExpectPunctuation(char c, string? hint = null)
    {
        if (!TryPunctuation(c))
        {
            throw Expected($"'{c}'", hint);
        }
    }

    /// <summary>Marks the position as the end of something.</summary>
    public void Mark() => LastEnd = Position;

    /// <summary>The run at the position that a user takes for one word; one character at least unless at the end.</summary>
    public TextSpan WordHere()
    {
        SkipBlanks();
        var length = 0;
        while (Position + length < End && IsNamePart(Peek(length)) && !(Peek(length) == '-' && Peek(length + 1) == '-'))
        {
            length++;
        }

        return new TextSpan(Position, length == 0 && !AtEnd ? 1 : length);
    }

    public string Slice(TextSpan span) => Source.Text.Substring(span.Start, span.Length);

    /// <summary>What stands here instead of what was expected; the hint is a word of <paramref name="candidates"/> that is near.</summary>
    public CommandException Expected(string what, string? hint = null, IEnumerable<string>? candidates = null)
    {
        var span = WordHere();
        if (span.Length == 0)
        {
            return Fail(new TextSpan(LastEnd, 0), $"Expected {what}, but nothing follows", hint);
        }

        var found = Slice(span);
        var near = candidates is null || !char.IsLetter(found[0]) ? null : Suggest.Nearest(found, candidates);
        return Fail(span, $"Expected {what}, found {(found is "'" or "\"" ? "a quote" : Quoted(found))}",
            near is null || near.Equals(found, StringComparison.OrdinalIgnoreCase) ? hint : DidYouMean(near.ToUpperInvariant()));
    }

    public CommandException Fail(TextSpan span, string message, string? hint = null) =>
        new(new Diagnostic(DiagnosticSeverity.Error, Source, span, message, hint));

    /// <summary>A word of the user's, safe and short enough for a message.</summary>
    public static string Quoted(string word)
    {
        var text = Printable.Escape(SecretMask.Redact(word));
        return $"'{(text.Length > 60 ? text[..57] + "…" : text)}'";
    }

    /// <summary>The phrase that the words here, as many as it has, come nearest to; or null.</summary>
    public string? NearestPhrase(int start, IEnumerable<string> phrases)
    {
        var lineEnd = Source.Text.IndexOf('\n', start, Source.Text.Length - start);
        var end = Math.Min(lineEnd < 0 ? Source.Text.Length : lineEnd, start + 200);
        var words = Source.Text[start..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return phrases.GroupBy(phrase => phrase.Count(c => c == ' ') + 1).OrderByDescending(group => group.Key)
            .Select(group => Suggest.Nearest(string.Join(' ', words.Take(group.Key)), group)).FirstOrDefault(near => near is not null);
    }

    public static string DidYouMean(string word) => $"did you mean {word}?";

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '$' or '%';

    private bool IsWordHere(ReadOnlySpan<char> word)
    {
        if (End - Position < word.Length || !Source.Text.AsSpan(Position, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var next = Peek(word.Length);
        return !(char.IsLetterOrDigit(next) || next == '_') || !char.IsLetterOrDigit(word[^1]);
    }
}

using System.Text;
using System.Text.RegularExpressions;
using Sluice.Catalog;

namespace Sluice.Sources.Redshift;

/// <summary>Reads a column's default as <c>adsrc</c> gives it: the server's own spelling of an expression.</summary>
internal static partial class RedshiftDefaults
{
    /// <summary>Null: the column has none.</summary>
    public static ColumnDefault? Read(string? source)
    {
        if (source is null)
        {
            return null;
        }

        var text = source.Trim();
        string? cast = null;
        while (true)
        {
            if (Cast().Match(text) is { Success: true } match && Depth(match.Groups["value"].Value) == 0)
            {
                // The outermost one decides.
                cast ??= match.Groups["type"].Value.ToLowerInvariant();
                text = match.Groups["value"].Value.Trim();
            }
            else if (text is ['(', .., ')'] && Depth(text[1..^1]) == 0)
            {
                text = text[1..^1].Trim();
            }
            else
            {
                break;
            }
        }

        return text.Equals("null", StringComparison.OrdinalIgnoreCase) ? null : Value(text, cast) ?? new ColumnDefault(DefaultKind.Expression, source);
    }

    /// <summary>Seed and step of a default that numbers rows; null: it is another one.</summary>
    public static (long Seed, long Step)? Identity(string? source) => source is not null && IdentityCall().Match(source) is { Success: true } match
        && long.TryParse(match.Groups["seed"].ValueSpan, out var seed) && long.TryParse(match.Groups["step"].ValueSpan, out var step)
            ? (seed, step)
            : null;

    private static ColumnDefault? Value(string text, string? cast)
    {
        if (Literal(text) is { } literal)
        {
            // Some versions keep the words that stand for the current moment as a literal with a cast.
            return literal == "now" && cast is not null ? Now(cast) : new ColumnDefault(DefaultKind.Literal, literal);
        }

        if (Number().IsMatch(text))
        {
            return new ColumnDefault(DefaultKind.Literal, text.Replace(" ", "", StringComparison.Ordinal));
        }

        return text.ToLowerInvariant() switch
        {
            "true" or "false" => new ColumnDefault(DefaultKind.Literal, text.ToLowerInvariant()),
            "getdate()" or "sysdate" or "sysdate()" or "now()" or "current_timestamp" => Now(cast ?? "timestamp"),
            "current_date" or "\"current_date\"()" or "current_date()" => new ColumnDefault(DefaultKind.CurrentDate, "current_date"),
            "current_time" or "current_time()" => new ColumnDefault(DefaultKind.CurrentTime, "current_time"),
            _ => null,
        };
    }

    private static ColumnDefault Now(string type) => type switch
    {
        "date" => new(DefaultKind.CurrentDate, "current_date"),
        _ when type.StartsWith("time", StringComparison.Ordinal) && !type.StartsWith("timestamp", StringComparison.Ordinal) => new(DefaultKind.CurrentTime, "current_time"),
        _ => new(DefaultKind.CurrentTimestamp, "current_timestamp"),
    };

    // Null: it is no literal, or more than one.
    private static string? Literal(string text)
    {
        if (text is not ['\'', .., '\''] || text.Length < 2)
        {
            return null;
        }

        var value = new StringBuilder();
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (text[i] is '\'' or '\\')
            {
                if (i + 1 >= text.Length - 1 || (text[i] == '\'' && text[i + 1] != '\''))
                {
                    return null;
                }

                i++;
            }

            value.Append(text[i]);
        }

        return value.ToString();
    }

    // Of parentheses outside of quotes; -1 where one closes that was not opened, or quotes do not end.
    private static int Depth(string text)
    {
        var depth = 0;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                i += c == '\\' && quote == '\'' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
                continue;
            }

            quote = c is '\'' or '"' ? c : '\0';
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0)
            {
                return -1;
            }
        }

        return quote == '\0' ? depth : -1;
    }

    [GeneratedRegex(@"^(?<value>.+)::(?<type>[a-z][a-z ]*)(?:\([0-9, ]*\))?(?: with(?:out)? time zone)?$", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Cast();

    [GeneratedRegex(@"^[-+]? ?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^(?:""identity""|identity|default_identity|""default_identity"")\(.*'(?<seed>-?[0-9]+), *(?<step>-?[0-9]+)'")]
    private static partial Regex IdentityCall();
}

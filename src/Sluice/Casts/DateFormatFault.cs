using Sluice.Diagnostics;

namespace Sluice.Casts;

/// <summary>Why a template is no date format.</summary>
public sealed record DateFormatFault
{
    private const string Expected =
        "the tokens are YYYY YYY YY MM DD HH24 HH12 HH MI SS MS US AM PM a.m. p.m., between them : - . / \\ * # @ T or a blank";

    /// <summary>0-based place in the template.</summary>
    public required int Offset { get; init; }

    public required string Message { get; init; }

    public required string Hint { get; init; }

    internal static DateFormatFault UnknownToken(string template, int offset, IEnumerable<string> words)
    {
        var rest = template[offset..];
        var near = words.FirstOrDefault(word => rest.StartsWith(word, StringComparison.OrdinalIgnoreCase));
        return new()
        {
            Offset = offset,
            Message = $"Unknown token at '{Printable.Escape(rest)}' in the date format",
            Hint = near is null ? Expected : $"tokens are case-sensitive: write {near}",
        };
    }

    internal static DateFormatFault NoDate(string template) => new()
    {
        Offset = 0,
        Message = template.Length == 0 ? "The date format is empty" : "The date format names no part of a date",
        Hint = Expected,
    };
}

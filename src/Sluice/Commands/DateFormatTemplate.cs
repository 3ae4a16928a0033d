namespace Sluice.Commands;

/// <summary>Checks the templates of <c>date format</c> before anything runs.</summary>
public static class DateFormatTemplate
{
    // Longer tokens first.
    private static readonly string[] Tokens =
        ["YYYY", "HH24", "HH12", "a.m.", "A.M.", "p.m.", "P.M.", "YYY", "YY", "MM", "DD", "HH", "AM", "am", "PM", "pm", "MI", "SS", "MS",
            "US"];

    private const string Noise = ":-. *#@/\\T";

    /// <summary>The 0-based place of the first thing that is not a token, or -1.</summary>
    public static int FirstFault(string template)
    {
        var position = 0;
        while (position < template.Length)
        {
            var token = Array.Find(Tokens, word => string.CompareOrdinal(template, position, word, 0, word.Length) == 0);
            if (token is null && !Noise.Contains(template[position], StringComparison.Ordinal))
            {
                return position;
            }

            position += token?.Length ?? 1;
        }

        return template.Length == 0 ? 0 : -1;
    }

    /// <summary>What to do about a template with a fault.</summary>
    public static string Hint(string template, int fault)
    {
        var word = new string([.. template.Skip(fault).TakeWhile(char.IsLetterOrDigit)]);
        var near = Tokens.FirstOrDefault(token => word.StartsWith(token, StringComparison.OrdinalIgnoreCase));
        return near is not null
            ? $"tokens are case-sensitive: write {near}"
            : "the tokens are YYYY YYY YY MM DD HH24 HH12 HH MI SS MS US AM PM a.m. p.m., between them : - . / \\ * # @ T or a blank";
    }
}

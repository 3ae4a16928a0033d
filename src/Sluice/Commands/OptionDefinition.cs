namespace Sluice.Commands;

/// <summary>A WITH option: help, documentation and error messages follow from it.</summary>
/// <param name="Words">As written, lower-case: <c>batch rows</c>.</param>
/// <param name="Kind">What stands after the words.</param>
/// <param name="Help">One line.</param>
/// <param name="Key">What it sets; options with the same key exclude each other. The first written wins.</param>
/// <param name="Value">What it sets the key to, for options without a value of their own.</param>
/// <param name="Default">As text, for the documentation.</param>
public sealed record OptionDefinition(string Words, OptionKind Kind, string Help, string Key, string? Value = null, string? Default = null)
{
    /// <summary>How the value is written, for help and messages.</summary>
    public string Form => Kind switch
    {
        OptionKind.Flag => Words,
        OptionKind.Integer => $"{Words} = n",
        OptionKind.Size => $"{Words} = n [kB|MB|GB]",
        OptionKind.ErrorLimit => $"{Words} = n | p%",
        OptionKind.Separator => $"{Words} 'c'",
        OptionKind.Escape => $"{Words} double-quote | backslash-quote | 'c'",
        OptionKind.Text => $"{Words} '…'",
        OptionKind.NullIf => $"{Words} blanks | '…'",
        OptionKind.DateFormat => $"{Words} '…'",
        OptionKind.Encoding => $"{Words} name",
        OptionKind.TimeZone => $"{Words} UTC | GMT | 'Region/City'",
        OptionKind.TableName => $"{Words} = '…'",
        OptionKind.TextOrDefault => $"{Words} '…' | default",
        OptionKind.Choice => $"{Words} {string.Join(" | ", Choices)}",
        _ => Words,
    };

    /// <summary>Whether '=' has to stand before the value.</summary>
    public bool NeedsEquals { get; init; } = Kind is OptionKind.Integer or OptionKind.Size or OptionKind.ErrorLimit;

    /// <summary>The words to choose from.</summary>
    public string[] Choices => Kind == OptionKind.Choice && Value is not null ? Value.Split('|') : [];

    /// <summary>Its name in the query of an address: <c>batch_rows</c>.</summary>
    public string Parameter => Words.Replace(' ', '_');

    /// <summary>An option without a value.</summary>
    public static OptionDefinition Flag(string words, string help, string? key = null, string value = "on", string? byDefault = null) =>
        new(words, OptionKind.Flag, help, key ?? words, value, byDefault);

    /// <summary>An option with a value.</summary>
    public static OptionDefinition Valued(string words, OptionKind kind, string help, string? byDefault = null, string? key = null) =>
        new(words, kind, help, key ?? words, null, byDefault);

    /// <summary>An option whose value is one of some words.</summary>
    public static OptionDefinition Choice(string words, string[] choices, string help, string? byDefault = null) =>
        new(words, OptionKind.Choice, help, words, string.Join('|', choices), byDefault);
}

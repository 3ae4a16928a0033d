namespace Sluice.Sources;

/// <summary>What stands after the words of an option.</summary>
public enum OptionKind
{
    /// <summary>Nothing.</summary>
    Flag,

    /// <summary><c>= n</c></summary>
    Integer,

    /// <summary><c>= n [B|kB|MB|GB|TB|PB]</c></summary>
    Size,

    /// <summary><c>= n</c> or <c>= p%</c></summary>
    ErrorLimit,

    /// <summary>One character in single quotes.</summary>
    Separator,

    /// <summary><c>double-quote</c>, <c>backslash-quote</c>, <c>""</c>, <c>\"</c> or one character.</summary>
    Escape,

    /// <summary>A quoted text.</summary>
    Text,

    /// <summary><c>blanks</c> or a quoted text.</summary>
    NullIf,

    /// <summary>A quoted date format.</summary>
    DateFormat,

    /// <summary>The name of an encoding.</summary>
    Encoding,

    /// <summary><c>UTC</c>, <c>GMT</c> or a quoted region.</summary>
    TimeZone,

    /// <summary>A quoted table name.</summary>
    TableName,
}

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
        _ => Words,
    };

    /// <summary>An option without a value.</summary>
    public static OptionDefinition Flag(string words, string help, string? key = null, string value = "on", string? byDefault = null) =>
        new(words, OptionKind.Flag, help, key ?? words, value, byDefault);

    /// <summary>An option with a value.</summary>
    public static OptionDefinition Valued(string words, OptionKind kind, string help, string? byDefault = null, string? key = null) =>
        new(words, kind, help, key ?? words, null, byDefault);
}

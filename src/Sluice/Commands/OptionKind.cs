namespace Sluice.Commands;

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

    /// <summary>A quoted text, or the word <c>default</c>.</summary>
    TextOrDefault,

    /// <summary>One of the words in <see cref="OptionDefinition.Value"/>, which are separated by <c>|</c>.</summary>
    Choice,
}

namespace Sluice.Sources.CopyText;

/// <summary>Why records of COPY files are rejected, beside what all text files are rejected for.</summary>
internal static class CopyTextMessages
{
    public const string AfterEnd = "The line follows the end-of-data mark \\.\nNothing behind the mark is loaded; if these are rows of another file, load them from the reject file";

    public static string StrayMark(long line) => $"The end-of-data mark \\. does not stand alone\nLine {line}: a backslash in a value is written twice";

    public static string Cut(long line) => $"The input ends in the middle of an escape\nLine {line}: a backslash is its last character";

    public static string Numbers(long line, int field) => $"Escapes by number come to bytes that are not valid UTF-8\nLine {line}, field {field}";
}

using System.Collections.Immutable;
using System.Text;

namespace Sluice.Runs;

/// <summary>The key of a row that the target refused, for a user to find it in the source.</summary>
internal static class RejectedKey
{
    private const int MostBytes = 100;

    /// <param name="copyText">The row.</param>
    /// <param name="key">The key's columns and their places in it.</param>
    public static string Of(ReadOnlySpan<byte> copyText, ImmutableArray<(string Name, int Field)> key)
    {
        var text = new StringBuilder();
        foreach (var (name, field) in key)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(name).Append(" = ").Append(Field(copyText, field));
        }

        return text.ToString();
    }

    // Within a field of COPY text a tab stands behind a backslash as a letter.
    private static string Field(ReadOnlySpan<byte> row, int field)
    {
        for (; field > 0; field--)
        {
            row = row[(row.IndexOf((byte)'\t') + 1)..];
        }

        var end = row.IndexOfAny((byte)'\t', (byte)'\n');
        var value = end < 0 ? row : row[..end];
        return value.Length <= MostBytes ? Encoding.UTF8.GetString(value) : Encoding.UTF8.GetString(value[..MostBytes]) + "…";
    }
}

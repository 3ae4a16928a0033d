namespace Sluice.Cli.Sessions;

/// <summary>The table of <c>--list-encodings</c>.</summary>
internal static class EncodingList
{
    private const int NameWidth = 30;

    public static void Write(IEnumerable<(string Name, IEnumerable<string> Aliases)> encodings, TextWriter output)
    {
        output.Write("Name".PadRight(NameWidth) + "Aliases\n");
        output.Write("--------".PadRight(NameWidth) + "--------------\n");
        foreach (var (name, aliases) in encodings.OrderBy(encoding => encoding.Name, StringComparer.OrdinalIgnoreCase))
        {
            output.Write((name.PadRight(NameWidth) + string.Join(", ", aliases)).TrimEnd() + "\n");
        }

        output.Write("\n");
    }
}

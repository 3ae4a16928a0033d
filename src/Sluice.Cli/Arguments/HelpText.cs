using System.Globalization;
using System.Text;

namespace Sluice.Cli.Arguments;

/// <summary>The text of <c>--help</c>, within 100 columns.</summary>
internal static class HelpText
{
    private const int HelpColumn = 34;

    private static readonly (OptionGroup Group, string Title)[] Titles =
    [
        (OptionGroup.Running, "Running"),
        (OptionGroup.Direct, "Without a load file (SOURCE TARGET)"),
        (OptionGroup.Results, "Results"),
        (OptionGroup.Messages, "Messages"),
        (OptionGroup.Information, "Information"),
        (OptionGroup.Obsolete, "pgloader's options without use here (accepted with a note, or refused)"),
    ];

    public static string Write(string programName)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            Loads files and databases into PostgreSQL.

            Usage:
              {programName} [options] FILE...          run the commands of these load files (- is standard input)
              {programName} [options] SOURCE TARGET    load one source without a load file
              {programName} plan FILE... | SOURCE TARGET
                                               print what would be done, as --dry-run does
              {programName} check FILE...              check load files; nothing is touched

            Examples:
              {programName} companies.load
              {programName} --type csv --with "skip header = 1" companies.csv postgresql:///shop?tablename=companies
              {programName} shop.db postgresql:///shop
              {programName} --summary run.json --dry-run nightly.load


            """);
        foreach (var (group, title) in Titles)
        {
            text.Append(title).Append(":\n");
            foreach (var option in OptionTable.All.Where(option => option.Group == group))
            {
                text.Append(Left(option).PadRight(HelpColumn)).Append(option.Help).Append('\n');
            }

            text.Append('\n');
        }

        text.Append(
            """
            Levels: panic, fatal, log, error, warning, notice, sql, info, debug, data.
            Options without a value can be taken back: --no-verbose. Values follow a blank or an equals sign.

            Exit codes:
              0  everything was loaded                       4  a command is wrong; nothing was touched
              1  the load failed                             5  --regress found a difference
              2  the command line is wrong                   130, 143  interrupted, terminated
              3  rows were rejected (0 with --rejects-ok)

            """);
        return text.ToString();
    }

    private static string Left(OptionInfo option)
    {
        var name = option.Short is { } letter ? $"  -{letter}, {option.Long}" : $"      {option.Long}";
        return option.Value is null ? name + " " : $"{name} {option.Value} ";
    }
}

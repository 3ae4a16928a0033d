using System.Collections.Immutable;
using Sluice.Diagnostics;

namespace Sluice.Cli.Arguments;

/// <summary>Every option of the command line; the parser and the help are made from this list.</summary>
internal static class OptionTable
{
    private static readonly ImmutableArray<string> LevelNames = [.. LogLevels.Names];

    public static ImmutableArray<OptionInfo> All { get; } =
    [
        new("dry-run", null, OptionGroup.Running, "Connect, check everything and print the plan; write nothing"),
        new("on-error-stop", null, OptionGroup.Running, "Stop at the first rejected row, whatever the load file says"),
        new("rejects-ok", null, OptionGroup.Running, "Exit with 0 instead of 3 when rows were rejected"),
        new("require-consistent", null, OptionGroup.Running, "Fail when a database cannot be read at one point in time"),
        new("context", 'C', OptionGroup.Running, "Take the values of {{NAME}} in load files from an INI file") { Value = "FILE" },
        new("root-dir", 'D', OptionGroup.Running, "Where reject files and the log go; default: a new folder a run") { Value = "DIR" },
        new("regress", null, OptionGroup.Running, "Load, then compare the table with regress/expected/NAME.out"),

        new("type", null, OptionGroup.Direct, "What SOURCE is, when its name does not say so")
        {
            Value = "KIND",
            Choices = ["csv", "fixed", "copy", "dbf", "db3", "ixf", "sqlite", "sqlite3", "mysql", "mssql", "pgsql"],
        },
        new("encoding", null, OptionGroup.Direct, "Encoding of the source; default: utf-8") { Value = "NAME" },
        new("with", null, OptionGroup.Direct, "One option of the WITH clause; may be repeated") { Value = "OPTION", IsRepeatable = true },
        new("set", null, OptionGroup.Direct, "A setting of the target session: \"name='value'\"; may be repeated")
            { Value = "SETTING", IsRepeatable = true },
        new("field", null, OptionGroup.Direct, "A field of a csv, fixed or copy source; may be repeated")
            { Value = "FIELD", IsRepeatable = true },
        new("cast", null, OptionGroup.Direct, "A rule of the CAST clause; may be repeated") { Value = "RULE", IsRepeatable = true },
        new("before", null, OptionGroup.Direct, "Run this SQL file before the load") { Value = "FILE" },
        new("after", null, OptionGroup.Direct, "Run this SQL file after the load") { Value = "FILE" },

        new("summary", 'S', OptionGroup.Results, "Write the summary to FILE (.csv, .copy, .json, else text)") { Value = "FILE" },
        new("summary-format", null, OptionGroup.Results, "Choose the summary's format; pgloader: its layout and keys")
        {
            Value = "FORMAT",
            Choices = ["text", "csv", "copy", "json", "pgloader"],
        },
        new("progress", null, OptionGroup.Results, "Show progress: auto, bar, lines or off; default: auto")
        {
            Value = "MODE",
            Choices = ["auto", "bar", "lines", "off"],
        },
        new("format", null, OptionGroup.Results, "Print a plan as text or json; default: text")
        {
            Value = "FORMAT",
            Choices = ["text", "json"],
        },
        new("color", null, OptionGroup.Results, "Use colours: auto, always or never; default: auto")
        {
            Value = "WHEN",
            Choices = ["auto", "always", "never"],
        },

        new("quiet", 'q', OptionGroup.Messages, "Only errors, on the terminal and in the log file"),
        new("verbose", 'v', OptionGroup.Messages, "Everything a user may want to follow, and a wider summary"),
        new("debug", 'd', OptionGroup.Messages, "Each step, its SQL and each batch"),
        new("client-min-messages", null, OptionGroup.Messages, "Least level shown on the terminal; default: warning")
            { Value = "LEVEL", Choices = LevelNames },
        new("log-min-messages", null, OptionGroup.Messages, "Least level written to the log file; default: notice")
            { Value = "LEVEL", Choices = LevelNames },
        new("logfile", 'L', OptionGroup.Messages, "The log file; default: sluice.log, below the root folder") { Value = "FILE" },
        new("log-format", null, OptionGroup.Messages, "Write messages as text or as one JSON object a line")
        {
            Value = "FORMAT",
            Choices = ["text", "json"],
        },

        new("list-encodings", 'E', OptionGroup.Information, "List the encodings that sources may have"),
        new("help", 'h', OptionGroup.Information, "Show this help"),
        new("version", 'V', OptionGroup.Information, "Show the version"),

        new("no-ssl-cert-verification", null, OptionGroup.Obsolete, "Use sslmode in the target's address instead"),
        new("dynamic-space-size", null, OptionGroup.Obsolete, "Memory is bounded by itself") { Value = "MB" },
        new("self-upgrade", null, OptionGroup.Obsolete, "Install a newer Sluice instead") { Value = "DIR" },
        new("load-lisp-file", 'l', OptionGroup.Obsolete, "Refused: see USING expressions") { Value = "FILE", IsRepeatable = true },
        new("upgrade-config", 'U', OptionGroup.Obsolete, "Refused: there are no version 2 INI files any more"),
    ];
}

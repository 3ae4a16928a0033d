using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Runs.Summary;

namespace Sluice.Cli.Arguments;

/// <summary>Makes sense of the command line.</summary>
internal static class ArgumentParser
{
    private static readonly string[] DirectOptions = ["type", "encoding", "with", "set", "field", "cast", "before", "after"];

    // Names that later versions will use; a load file of such a name is written with its folder.
    private static readonly string[] Reserved =
    [
        "verify", "compare", "init", "sniff", "status", "rejects", "resume", "prepare", "copy", "finish", "convert", "explain",
        "completion",
    ];

    /// <param name="args">Without the program's name.</param>
    /// <param name="isPgloader">Whether the program was started under the name pgloader.</param>
    /// <exception cref="UsageException">The command line is wrong.</exception>
    public static CommandArguments Parse(IReadOnlyList<string> args, bool isPgloader)
    {
        var options = ParsedOptions.Parse(args);
        if (options.Has("help") || options.Has("version"))
        {
            return new CommandArguments { Verb = options.Has("help") ? CommandVerb.Help : CommandVerb.Version };
        }

        RefuseWhatIsGone(options);
        var words = options.Words;
        var verb = options.Has("list-encodings") ? CommandVerb.ListEncodings
            : options.Has("regress") ? CommandVerb.Regress
            : options.Has("dry-run") ? CommandVerb.DryRun
            : CommandVerb.Load;
        if (words.Count > 0 && verb is CommandVerb.Load or CommandVerb.DryRun)
        {
            (verb, words) = TakeVerb(verb, words);
        }

        var direct = verb is CommandVerb.ListEncodings or CommandVerb.Help ? null : Direct(words, options, verb);
        var arguments = new CommandArguments
        {
            Verb = verb,
            Files = direct is null ? [.. words] : [],
            Direct = direct,
            ContextFile = options.Value("context"),
            PlanFormat = Choice<PlanFormat>(options.Value("format")),
            OnErrorStop = options.Has("on-error-stop"),
            RejectsOk = options.Has("rejects-ok") || isPgloader,
            RequireConsistent = options.Has("require-consistent"),
            RootDirectory = options.Value("root-dir"),
            SummaryFile = options.Value("summary"),
            SummaryFormat = Enum.TryParse<SummaryFormat>(options.Value("summary-format"), ignoreCase: true, out var format) ? format : null,
            IsSummaryLikePgloader = isPgloader || IsPgloaderFormat(options),
            Progress = Choice<ProgressMode>(options.Value("progress")),
            Color = Choice<ColorMode>(options.Value("color")),
            ConsoleLevel = Level(options, "client-min-messages", LogLevel.Warning),
            FileLevel = Level(options, "log-min-messages", LogLevel.Information),
            LogFile = options.Value("logfile"),
            IsLogJson = string.Equals(options.Value("log-format"), "json", StringComparison.OrdinalIgnoreCase),
            Warnings = Warnings(options),
        };
        if (options.Value("format") is not null && verb != CommandVerb.DryRun)
        {
            throw new UsageException("Option --format belongs to sluice plan and --dry-run", "the summary's format is chosen by --summary-format");
        }

        CheckFiles(arguments, options);
        return arguments;
    }

    private static void RefuseWhatIsGone(ParsedOptions options)
    {
        if (options.Values("load-lisp-file").Count > 0)
        {
            throw new UsageException(
                "Option --load-lisp-file is not supported: Sluice does not run Lisp",
                "pgloader's transforms are built in; write others as a USING expression in the load file, or as SQL in AFTER LOAD DO");
        }

        if (options.Has("upgrade-config"))
        {
            throw new UsageException(
                "Option --upgrade-config is not supported: files of pgloader 2 cannot be converted",
                "convert them with pgloader 3, then load the result");
        }
    }

    private static (CommandVerb Verb, IReadOnlyList<string> Words) TakeVerb(CommandVerb verb, IReadOnlyList<string> words)
    {
        var word = words[0];
        if (word == "check")
        {
            return (CommandVerb.Check, [.. words.Skip(1)]);
        }

        if (word == "plan")
        {
            return (CommandVerb.DryRun, [.. words.Skip(1)]);
        }

        if (word == "help")
        {
            return (CommandVerb.Help, []);
        }

        if (Reserved.Contains(word, StringComparer.Ordinal))
        {
            throw new UsageException(
                $"The command {word} is not available in this version", $"write ./{word} for a load file of that name");
        }

        return (verb, words);
    }

    private static DirectLoad? Direct(IReadOnlyList<string> words, ParsedOptions options, CommandVerb verb)
    {
        var given = DirectOptions.FirstOrDefault(name => options.Values(name).Count > 0);
        var isDirect = words.Count == 2 && IsAddress(words[1]) && verb is CommandVerb.Load or CommandVerb.DryRun;
        if (isDirect)
        {
            return new DirectLoad(words[0], words[1])
            {
                Type = options.Value("type")?.ToLowerInvariant(),
                Encoding = options.Value("encoding"),
                With = [.. options.Values("with")],
                Set = [.. options.Values("set")],
                Fields = [.. options.Values("field")],
                Casts = [.. options.Values("cast")],
                BeforeFile = options.Value("before"),
                AfterFile = options.Value("after"),
            };
        }

        if (words.FirstOrDefault(IsAddress) is { } address)
        {
            throw new UsageException(
                words.Count == 1 ? "The target is missing" : "SOURCE TARGET takes two addresses, the target second",
                $"for example: sluice {(words.Count == 1 ? Shown(address) : "SOURCE")} postgresql://user@host/database");
        }

        if (given is not null)
        {
            throw new UsageException(
                $"Option --{given} belongs to sluice [options] SOURCE TARGET", "with a load file, write it into the file's own clauses");
        }

        return null;
    }

    // An address may hold a password: messages name it only up to its scheme.
    private static string Shown(string address) =>
        address.IndexOf("://", StringComparison.Ordinal) is > 0 and var end ? address[..(end + 3)] + "..." : "SOURCE";

    private static bool IsAddress(string word) =>
        word.Contains("://", StringComparison.Ordinal)
        || word.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase)
        || word.Split(' ').Any(part => part.Split('=') is ["host" or "hostaddr" or "dbname" or "service", _, ..]);

    private static void CheckFiles(CommandArguments arguments, ParsedOptions options)
    {
        if (arguments.Verb is CommandVerb.ListEncodings or CommandVerb.Help || arguments.Direct is not null)
        {
            return;
        }

        if (arguments.Files.IsEmpty)
        {
            throw new UsageException("There is nothing to load", "sluice FILE... or sluice SOURCE TARGET; sluice --help tells more");
        }

        if (arguments.Files.Any(file => file.Length == 0))
        {
            throw new UsageException("The name of a load file is empty");
        }

        if (arguments.Files.Count(file => file == "-") > 1)
        {
            throw new UsageException("Standard input (-) can be read once only");
        }

        if (arguments.Verb == CommandVerb.Regress && (arguments.Files.Length > 1 || arguments.Files[0] == "-"))
        {
            throw new UsageException("--regress takes exactly one load file");
        }

        if (options.Has("dry-run") && arguments.Verb == CommandVerb.Regress)
        {
            throw new UsageException("--regress loads data: it does not go with --dry-run");
        }
    }

    private static bool IsPgloaderFormat(ParsedOptions options) =>
        string.Equals(options.Value("summary-format"), "pgloader", StringComparison.OrdinalIgnoreCase);

    private static T Choice<T>(string? value)
        where T : struct, Enum => value is null ? default : Enum.Parse<T>(value, ignoreCase: true);

    private static LogLevel Level(ParsedOptions options, string name, LogLevel usual) =>
        options.Has("debug") ? LogLevel.Trace
        : options.Has("verbose") ? LogLevel.Information
        : options.Has("quiet") ? LogLevel.Error
        : options.Value(name) is { } level ? LogLevels.Parse(level) ?? usual
        : usual;

    private static ImmutableArray<string> Warnings(ParsedOptions options)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (options.Has("no-ssl-cert-verification"))
        {
            warnings.Add(
                "--no-ssl-cert-verification has no effect: certificates are verified as sslmode in each address says (verify-ca, verify-full)");
        }

        if (options.Value("dynamic-space-size") is not null)
        {
            warnings.Add("--dynamic-space-size has no effect: memory does not grow with the data");
        }

        if (options.Value("self-upgrade") is not null)
        {
            warnings.Add("--self-upgrade has no effect: install a newer Sluice instead");
        }

        return warnings.ToImmutable();
    }
}

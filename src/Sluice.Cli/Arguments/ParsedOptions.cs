using System.CommandLine;
using System.CommandLine.Parsing;
using Sluice.Diagnostics;

namespace Sluice.Cli.Arguments;

/// <summary>The command line split into options and words, every option known and every value taken, nothing interpreted yet.</summary>
internal sealed class ParsedOptions
{
    private readonly Dictionary<string, IReadOnlyList<string>> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _flags = new(StringComparer.Ordinal);

    private ParsedOptions(IReadOnlyList<string> words) => Words = words;

    /// <summary>What is neither an option nor the value of one.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <exception cref="UsageException">An option is unknown, lacks its value, or has one too many.</exception>
    public static ParsedOptions Parse(IReadOnlyList<string> args)
    {
        var end = args.TakeWhile(arg => arg != "--").Count();
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var root = new Command("sluice") { words };
        var flags = new List<(OptionInfo Info, Option<bool> On, Option<bool> Off)>();
        var values = new List<(OptionInfo Info, Option<string[]> Option)>();
        foreach (var info in OptionTable.All)
        {
            string[] aliases = info.Short is { } letter ? [$"-{letter}"] : [];
            if (info.Value is null)
            {
                var on = new Option<bool>(info.Long, aliases) { Arity = ArgumentArity.Zero };
                var off = new Option<bool>("--no-" + info.Name) { Arity = ArgumentArity.Zero };
                flags.Add((info, on, off));
                root.Add(on);
                root.Add(off);
            }
            else
            {
                var option = new Option<string[]>(info.Long, aliases) { Arity = ArgumentArity.OneOrMore };
                values.Add((info, option));
                root.Add(option);
            }
        }

        var parsed = root.Parse([.. args.Take(end)], new ParserConfiguration { ResponseFileTokenReplacer = null });
        var before = parsed.GetValue(words) ?? [];
        if (before.Concat(parsed.UnmatchedTokens).FirstOrDefault(word => word.Length > 1 && word[0] == '-') is { } unknown)
        {
            throw Unknown(unknown);
        }

        // The parser takes what is left of a bundle such as -qz, and the value of --quiet=yes, for a word of its own.
        if (before.FirstOrDefault(word => before.Count(each => each == word) > args.Count(arg => arg == word)) is { Length: > 0 } rest)
        {
            throw args.FirstOrDefault(arg => arg.StartsWith('-') && arg.EndsWith($"={rest}", StringComparison.Ordinal)) is { } written
                ? new UsageException($"Option {written[..^(rest.Length + 1)]} takes no value")
                : Unknown($"-{rest[0]}");
        }

        if (parsed.Errors.Count > 0)
        {
            throw Translate(parsed.Errors[0]);
        }

        var result = new ParsedOptions([.. before, .. args.Skip(end + 1)]);
        foreach (var (info, option) in values)
        {
            result.AddValues(info, parsed.GetValue(option) ?? []);
        }

        foreach (var (info, on, off) in flags)
        {
            // Of --x and --no-x the later one counts.
            var isOn = parsed.GetResult(on) is not null;
            var isOff = parsed.GetResult(off) is not null;
            result._flags[info.Name] = isOn && (!isOff || LastIndex(parsed, info) > LastIndex(parsed, "--no-" + info.Name));
        }

        return result;
    }

    public bool Has(string name) => _flags[name];

    /// <summary>The value of an option that is given at most once, or null.</summary>
    public string? Value(string name) => _values.TryGetValue(name, out var values) ? values[^1] : null;

    public IReadOnlyList<string> Values(string name) => _values.GetValueOrDefault(name, []);

    private static int LastIndex(ParseResult parsed, OptionInfo info) =>
        Math.Max(LastIndex(parsed, info.Long), info.Short is { } letter ? LastIndex(parsed, $"-{letter}") : -1);

    private static int LastIndex(ParseResult parsed, string token) =>
        parsed.Tokens.Select((each, i) => each.Type == TokenType.Option && each.Value == token ? i : -1).DefaultIfEmpty(-1).Max();

    private static UsageException Unknown(string word)
    {
        var name = word.Split('=', 2)[0];
        var known = OptionTable.All.SelectMany(info => info.Short is { } letter ? [info.Long, $"-{letter}"] : new[] { info.Long });
        var near = name.StartsWith("--", StringComparison.Ordinal) ? Suggest.Nearest(name, known) : null;
        var hint = near is null ? "sluice --help lists all options" : $"did you mean {near}? sluice --help lists all options";
        return new UsageException($"Unknown option {name}", hint);
    }

    private static UsageException Translate(ParseError error)
    {
        if (error.SymbolResult is not OptionResult result)
        {
            return new UsageException(error.Message);
        }

        var info = OptionTable.All.FirstOrDefault(each => each.Long == result.Option.Name);
        return info?.Value is { } value
            ? new UsageException($"Option {info.Long} needs a value: {info.Long} {value}")
            : new UsageException($"Option {result.Option.Name} takes no value");
    }

    private void AddValues(OptionInfo info, string[] values)
    {
        if (values.Length == 0)
        {
            return;
        }

        if (values.Length > 1 && !info.IsRepeatable)
        {
            throw new UsageException($"Option {info.Long} is given {values.Length} times", "it takes one value");
        }

        var refused = values.Where(value => !info.Choices.Contains(value, StringComparer.OrdinalIgnoreCase));
        foreach (var value in info.Choices.IsEmpty ? [] : refused)
        {
            var near = Suggest.Nearest(value, info.Choices);
            var hint = $"{(near is null ? "" : $"did you mean {near}? ")}it takes {string.Join(", ", info.Choices)}";
            throw new UsageException($"Option {info.Long} does not take \"{value}\"", hint);
        }

        _values[info.Name] = values;
    }
}

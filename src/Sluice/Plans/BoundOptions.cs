using System.Collections.Immutable;
using System.Globalization;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>The value of one written option.</summary>
internal sealed record OptionValue(Place Place, string? Word = null, long Number = 0, double? Percent = null, string? Text = null,
    NullIf NullIf = default);

/// <summary>The WITH options of one command, read with the definitions of its source. The first of equal ones counts.</summary>
internal sealed partial class BoundOptions
{
    private readonly Dictionary<string, OptionValue> _values = new(StringComparer.Ordinal);
    private readonly SourceDescriptor _source;
    private readonly ImmutableArray<OptionDefinition> _definitions;
    private readonly List<Diagnostic> _findings;

    public BoundOptions(SourceDescriptor source, IEnumerable<Place> places, List<Diagnostic> findings)
    {
        _source = source;
        _definitions = [.. source.Options, .. TargetRegistry.All.SelectMany(target => target.Options)];
        _findings = findings;
        foreach (var place in places)
        {
            try
            {
                Read(place);
            }
            catch (CommandException error)
            {
                findings.Add(error.Diagnostic);
            }
        }
    }

    public OptionValue? this[string key] => _values.GetValueOrDefault(key);

    public bool Flag(string key, bool byDefault = false) => _values.TryGetValue(key, out var value) ? value.Word == "on" : byDefault;

    public string? Word(string key) => this[key]?.Word;

    public long? Number(string key) => this[key]?.Number;

    public int? Count(string key)
    {
        if (this[key] is not { } value)
        {
            return null;
        }

        if (value.Number is >= 1 and <= int.MaxValue)
        {
            return (int)value.Number;
        }

        var largest = int.MaxValue.ToString(CultureInfo.InvariantCulture);
        _findings.Add(value.Place.Error($"The option {key} takes a number from 1 to {largest}"));
        return null;
    }

    private void Read(Place place)
    {
        var scanner = new Scanner(place.Source, place.Span.Start, place.Span.End);
        var definition = _definitions.OrderByDescending(option => option.Words.Length).FirstOrDefault(option =>
            scanner.TryWords(option.Words))
            ?? throw Unknown(place);
        var value = Value(definition, scanner, place);
        scanner.SkipBlanks();
        if (!scanner.AtEnd)
        {
            throw Leftover(definition, scanner);
        }

        Set(definition, value);
    }

    private void Set(OptionDefinition definition, OptionValue value)
    {
        if (_values.TryGetValue(definition.Key, out var first))
        {
            _findings.Add(value.Place.Warning($"The option {definition.Key} is set twice; the first, at {first.Place}, counts"));
            return;
        }

        _values.Add(definition.Key, value);
    }

    private static OptionValue Value(OptionDefinition definition, Scanner scanner, Place place)
    {
        var hasEquals = definition.Kind != OptionKind.Flag && scanner.TryPunctuation('=');
        if (definition.NeedsEquals && !hasEquals)
        {
            throw scanner.Expected($"'=' and a number after {definition.Words}", $"write {definition.Form}");
        }

        var parser = new Parser(scanner);
        switch (definition.Kind)
        {
            case OptionKind.Integer:
                return new OptionValue(place, Number: scanner.Integer($"a number after {definition.Words} ="));
            case OptionKind.Size:
                return new OptionValue(place, Number: Size(scanner, definition));
            case OptionKind.ErrorLimit:
                return Limit(scanner, definition, place);
            case OptionKind.Separator:
                return new OptionValue(place, Text: scanner.Separator($"the value of {definition.Words}"));
            case OptionKind.Escape:
                return Escape(scanner, place);
            case OptionKind.Text or OptionKind.TableName:
                return new OptionValue(place, Text: scanner.QuotedText($"the value of {definition.Words}"));
            case OptionKind.TextOrDefault:
                return new OptionValue(place, Text: scanner.TryWords("default") ? "default" : scanner.QuotedText($"the value of {definition.Words}"));
            case OptionKind.Choice:
                return new OptionValue(place, Text: Choice(scanner, definition));
            case OptionKind.NullIf:
                return new OptionValue(place, NullIf: parser.NullIf());
            case OptionKind.DateFormat:
                return new OptionValue(place, Text: parser.DateFormat());
            case OptionKind.Encoding:
                var (name, span) = parser.EncodingName();
                return new OptionValue(place, Text: parser.Encoding(name, span));
            case OptionKind.TimeZone:
                return new OptionValue(place, Text: scanner.TryWords("utc") ? "UTC" : scanner.TryWords("gmt") ? "GMT"
                    : scanner.QuotedText("the time zone"));
            default:
                return new OptionValue(place, definition.Value);
        }
    }

    private static string Choice(Scanner scanner, OptionDefinition definition) =>
        definition.Choices.FirstOrDefault(scanner.TryWords)
            ?? throw scanner.Expected($"{string.Join(" or ", definition.Choices)} after {definition.Words}", candidates: definition.Choices);

    private static long Size(Scanner scanner, OptionDefinition definition)
    {
        var number = scanner.Integer($"a number of bytes after {definition.Words} =");
        var shift = 0;
        scanner.SkipBlanks();
        if (!scanner.AtEnd)
        {
            var span = scanner.WordHere();
            shift = scanner.Slice(span).ToUpperInvariant() switch
            {
                "B" => 0,
                "KB" => 10,
                "MB" => 20,
                "GB" => 30,
                "TB" => 40,
                "PB" => 50,
                _ => throw scanner.Fail(span, $"Unknown unit {Scanner.Quoted(scanner.Slice(span))}",
                    "the units are B, kB, MB, GB, TB and PB"),
            };
            scanner.Position = span.End;
        }

        return number >= 1 && number <= long.MaxValue >> shift
            ? number << shift
            : throw scanner.Fail(TextSpan.FromBounds(scanner.LastEnd - 1, scanner.Position),
                $"The option {definition.Words} takes at least 1 byte and less than 8192 PB");
    }

    private static OptionValue Limit(Scanner scanner, OptionDefinition definition, Place place)
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        var number = scanner.Integer($"a number of rows or a percentage after {definition.Words} =");
        if (scanner.Current == '.' && char.IsAsciiDigit(scanner.Peek(1)))
        {
            scanner.Position++;
            scanner.Integer("a percentage");
        }

        var text = scanner.Source.Text.AsSpan(start, scanner.Position - start);
        if (scanner.TryPunctuation('%'))
        {
            var percent = double.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            return percent <= 100
                ? new OptionValue(place, Percent: percent)
                : throw scanner.Fail(TextSpan.FromBounds(start, scanner.Position), "A percentage of rows is at most 100%");
        }

        return text.Contains('.')
            ? throw scanner.Fail(TextSpan.FromBounds(start, scanner.Position), "A number of rows has no decimals",
                $"write {text}% for a share of the rows")
            : new OptionValue(place, Number: number);
    }

    private static OptionValue Escape(Scanner scanner, Place place)
    {
        scanner.SkipBlanks();
        foreach (var (words, value) in new[] { ("double-quote", "\"\""), ("backslash-quote", "\\\""), ("\"\"", "\"\""), ("\\\"", "\\\"") })
        {
            if (scanner.TryWords(words))
            {
                return new OptionValue(place, Text: value);
            }
        }

        return scanner.Current == '\''
            ? new OptionValue(place, Text: scanner.Separator("the escape"))
            : throw scanner.Expected("double-quote, backslash-quote or one character in single quotes",
                candidates: ["double-quote", "backslash-quote"]);
    }

    private CommandException Unknown(Place place)
    {
        var words = place.Text;
        var kind = LoadKindNames.Words(_source.Kind);
        var elsewhere = SourceRegistry.All.Where(other =>
            other.Options.Any(option => new Scanner(place.Source, place.Span.Start, place.Span.End).TryWords(option.Words))).ToList();
        if (elsewhere.Count > 0)
        {
            var kinds = elsewhere.Aggregate(LoadKinds.None, (sum, other) => sum | other.Kind);
            return new CommandException(place.Error($"{kind} has no option {Scanner.Quoted(words)}",
                $"it belongs to {LoadKindNames.List(kinds)}"));
        }

        var end = words.IndexOfAny(['=', '\'', '"', '\n']) is var stop and > 0 ? stop : words.Length;
        var options = _definitions.Select(option => option.Words);
        var near = Suggest.Nearest(words[..end].Trim(), options) ?? new Scanner(place.Source).NearestPhrase(place.Span.Start, options);
        return new CommandException(new Place(place.Source, new TextSpan(place.Span.Start, words[..end].TrimEnd().Length))
            .Error($"Unknown option {Scanner.Quoted(words[..end].Trim())} of {kind}", near is null ? OptionList()
                : Scanner.DidYouMean(near)));
    }

    private string OptionList() =>
        $"these options exist for {LoadKindNames.Words(_source.Kind)}: {string.Join(", ", _source.Options.Select(option => option.Words))}"
        + string.Concat(TargetRegistry.All.Where(target => !target.Options.IsEmpty)
            .Select(target => $"; for {target.Name} as the target: {string.Join(", ", target.Options.Select(option => option.Words))}"));

    private CommandException Leftover(OptionDefinition definition, Scanner scanner)
    {
        var span = scanner.WordHere();
        var word = scanner.Slice(span);
        var hint = "options are separated by commas; after the last one comes a clause or ';'";
        if (_definitions.Any(option => new Scanner(scanner.Source, span.Start, scanner.End).TryWords(option.Words)))
        {
            hint = "a comma is missing between the options";
        }
        else if (scanner.NearestPhrase(span.Start,
            ClauseDefinition.All.Where(clause => (clause.Kinds & _source.Kind) != 0).Select(clause => clause.Words)) is { } near)
        {
            hint = Scanner.DidYouMean(near.ToUpperInvariant());
        }

        return scanner.Fail(span, $"Unexpected {Scanner.Quoted(word)} after the option {definition.Words}", hint);
    }
}

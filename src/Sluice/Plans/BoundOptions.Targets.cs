using System.Collections.Immutable;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.Plans;

/// <content>Options that only a target understands, and those that stand in its address.</content>
internal sealed partial class BoundOptions
{
    private static readonly string[] On = ["", "on", "true", "yes", "1"];
    private static readonly string[] Off = ["off", "false", "no", "0"];

    /// <summary>Adds those of the target's address. What the WITH clause says counts before them.</summary>
    public void Add(SourceText source, IEnumerable<UriOption> parameters)
    {
        foreach (var parameter in parameters)
        {
            var place = new Place(source, parameter.Span);
            var definition = _definitions.First(option => option.Parameter == parameter.Name); // the address's reader knows no others
            try
            {
                Set(definition, Value(definition, parameter, place));
            }
            catch (CommandException error)
            {
                _findings.Add(place.Error($"The parameter {parameter.Name}: {error.Message}", error.Hint));
            }
        }
    }

    /// <summary>The written ones that are the target's business, in the order of their definitions.</summary>
    public ImmutableArray<TargetOption> OfTargets() =>
    [
        .. TargetRegistry.All.SelectMany(target => target.Options).Concat(_source.ServerOptions).DistinctBy(option => option.Key)
            .Select(option => (option.Key, Value: this[option.Key]))
            .Where(option => option.Value is not null)
            .Select(option => new TargetOption(option.Key, option.Value!.Text ?? option.Value.Word, option.Value.Number, option.Value.Place.ToString())
            {
                MayBeSources = _source.ServerOptions.Any(own => own.Key == option.Key),
            }),
    ];

    private static OptionValue Value(OptionDefinition definition, UriOption parameter, Place place)
    {
        var scanner = new Scanner(new SourceText(place.Source.Name, parameter.Value));
        var value = definition.Kind switch
        {
            OptionKind.Flag => new OptionValue(place, Switch(parameter.Value)
                ?? throw scanner.Expected("true or false")),
            OptionKind.Size => new OptionValue(place, Number: Size(scanner, definition)),
            OptionKind.Choice => new OptionValue(place, Text: Choice(scanner, definition)),
            _ when parameter.Value.Length == 0 => throw scanner.Expected("a value"),
            _ => new OptionValue(place, Text: parameter.Value),
        };
        scanner.SkipBlanks();
        return value.Text == parameter.Value || value.Word is not null || scanner.AtEnd
            ? value
            : throw scanner.Expected($"{definition.Form}, and nothing after it");
    }

    private static string? Switch(string text) =>
        On.Contains(text, StringComparer.OrdinalIgnoreCase) ? "on" : Off.Contains(text, StringComparer.OrdinalIgnoreCase) ? "off" : null;
}

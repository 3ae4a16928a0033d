using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Casts;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Tests.Commands;

/// <summary>A readable form of a bound command: every property that is not empty.</summary>
internal static class SpecDump
{
    public static string Of(IEnumerable<LoadSpec> specs, string folder)
    {
        var result = new StringBuilder();
        foreach (var spec in specs)
        {
            result.Append(spec.GetType().Name).Append('\n');
            Properties(result, spec, 1);
            foreach (var diagnostic in spec.Diagnostics)
            {
                result.Append(diagnostic);
            }
        }

        return result.ToString().Replace(folder + "/", "", StringComparison.Ordinal).Replace(folder, ".", StringComparison.Ordinal);
    }

    public static string Expression(SExpression expression) => expression switch
    {
        SExpression.Symbol symbol => symbol.Name,
        SExpression.Text text => $"\"{text.Value}\"",
        SExpression.Character character => $"#\\U+{character.Value.Value:X4}",
        SExpression.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        SExpression.Real real => real.Value.ToString("0.0###", CultureInfo.InvariantCulture),
        SExpression.List list => $"({string.Join(' ', list.Items.Select(Expression))})",
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    private static void Properties(StringBuilder result, object value, int depth)
    {
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if ((property.Name is "Text" && value is LoadSpec) || property.Name is "IsPostgres" or "Span" or "Diagnostics" or "EqualityContract" or "TableAsWritten")
            {
                continue;
            }

            Show(result, property.Name, property.GetValue(value), depth);
        }
    }

    private static void Show(StringBuilder result, string name, object? value, int depth)
    {
        var indent = new string(' ', depth * 2);
        switch (value)
        {
            case null or false or "" or 0 or 0L or FieldTrim.None or IdentifierCase.Downcase or 64L << 20 when name != "NullMarker"
                && name != "Quote":
                return;
            case SExpression expression:
                result.Append(indent).Append(name).Append(": ").Append(Expression(expression)).Append('\n');
                return;
            case Secret secret:
                result.Append(indent).Append(name).Append(": <").Append(secret.Reveal()).Append(">\n");
                return;
            case NullIf nullIf:
                result.Append(indent).Append(name).Append(": ").Append(nullIf.Text is null ? "blanks" : $"'{nullIf.Text}'").Append('\n');
                return;
            case null or string or bool or Enum or Regex or Uri or IFormattable or Sluice.Catalog.QualifiedName:
                result.Append(indent).Append(name).Append(": ")
                    .Append(Printable.Escape(Convert.ToString(value ?? "(none)", CultureInfo.InvariantCulture) ?? "")).Append('\n');
                return;
            case IEnumerable list:
                foreach (var item in list)
                {
                    Show(result, name, item, depth);
                }

                return;
            default:
                result.Append(indent).Append(name).Append(": ").Append(value.GetType().Name).Append('\n');
                Properties(result, value, depth + 1);
                return;
        }
    }
}

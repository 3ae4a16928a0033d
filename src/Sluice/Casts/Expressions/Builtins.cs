using System.Collections.Frozen;
using System.Numerics;
using System.Text;

namespace Sluice.Casts.Expressions;

/// <summary>The table of built-in functions; the transforms of <see cref="TransformCatalog"/> are among them.</summary>
internal static partial class Builtins
{
    public static IEnumerable<string> Names => Table.ByName.Keys;

    public static Builtin? Find(string name) => Table.ByName.GetValueOrDefault(name);

    private static IEnumerable<Builtin> All() =>
    [
        .. Comparisons(), .. Numbers(), .. Strings(), .. Characters(), .. Lists(), .. Sequences(), .. Searches(),
        FormatFunction(), .. FromCatalog(),
    ];

    private static Builtin Define(string name, int min, int max, Func<Call, object?> body) => new(name, min, max, [], body);

    private static Builtin DefineKeys(string name, int count, string[] keys, Func<Call, object?> body) =>
        new(name, count, count, keys, body);

    private static IEnumerable<Builtin> FromCatalog()
    {
        foreach (var name in TransformCatalog.Names)
        {
            TransformCatalog.TryGet(name, out var transform);
            // Inside an expression its result is a number, to reckon with.
            var isNumber = name == "ensure-parse-integer";
            yield return Define(name, 1, 1, call =>
            {
                var text = call[0] is BigInteger or Ratio or double ? LispText.Princ(call[0]) : call.TextOrNull(0);
                var result = text is null ? null : call.Context.Transform(transform, text);
                return isNumber && result is string digits ? ParseDigits(call.Name, digits, 10) : result;
            });
        }

        yield return Define(TransformCatalog.IpRange, 2, 2, call =>
        {
            if (call[0] is null || call[1] is null)
            {
                return null;
            }

            var scratch = call.Context.Scratch;
            scratch.ResetWrittenCount();
            Transforms.IpRange(Encoding.UTF8.GetBytes(LispText.Princ(call[0])), Encoding.UTF8.GetBytes(LispText.Princ(call[1])), scratch);
            return Encoding.UTF8.GetString(scratch.WrittenSpan);
        });
    }

    // A class of its own: it is filled after the fields of every part of Builtins.
    private static class Table
    {
        public static readonly FrozenDictionary<string, Builtin> ByName = All().ToFrozenDictionary(
            builtin => builtin.Name, StringComparer.OrdinalIgnoreCase);
    }
}

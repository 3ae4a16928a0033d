using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace RedshiftLocal.Copy.Records;

/// <summary>A path to one value: names and indexes in dot or bracket notation, which are not mixed.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html</remarks>
internal sealed class JsonPath
{
    private readonly ImmutableArray<object> _steps;

    private JsonPath(ImmutableArray<object> steps) => _steps = steps;

    /// <summary>Null when the text is no such path.</summary>
    public static JsonPath? Parse(string text)
    {
        if (text.Length == 0 || text[0] != '$')
        {
            return null;
        }

        var steps = ImmutableArray.CreateBuilder<object>();
        var position = 1;
        char? notation = null;
        while (position < text.Length)
        {
            var rest = text.AsSpan(position);
            if (rest[0] == '.' || rest.StartsWith("['"))
            {
                if (notation is not null && notation != rest[0])
                {
                    return null;
                }

                notation = rest[0];
            }

            var (step, length) = rest[0] switch
            {
                '.' => Dotted(rest),
                '[' when rest.StartsWith("['") => Bracketed(rest),
                '[' => Index(rest),
                _ => (null, 0),
            };
            if (step is null)
            {
                return null;
            }

            steps.Add(step);
            position += length;
        }

        return new JsonPath(steps.ToImmutable());
    }

    /// <summary>The value; null when there is none.</summary>
    public JsonElement? Find(JsonElement root)
    {
        foreach (var step in _steps)
        {
            switch (step)
            {
                case string name when root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var member):
                    root = member;
                    break;
                case int index when root.ValueKind == JsonValueKind.Array && index < root.GetArrayLength():
                    root = root[index];
                    break;
                default:
                    return null;
            }
        }

        return root;
    }

    private static (object? Step, int Length) Dotted(ReadOnlySpan<char> rest)
    {
        var end = rest[1..].IndexOfAny(".[]'");
        var name = end < 0 ? rest[1..] : rest[1..(end + 1)];
        return name.IsEmpty || name.SequenceEqual("*") || (end >= 0 && rest[end + 1] is '\'' or ']') ? (null, 0) : (name.ToString(), name.Length + 1);
    }

    private static (object? Step, int Length) Bracketed(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf("']");
        return end <= 2 ? (null, 0) : (rest[2..end].ToString(), end + 2);
    }

    private static (object? Step, int Length) Index(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(']');
        return end > 1 && int.TryParse(rest[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? (index, end + 1) : (null, 0);
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedshiftLocal.Faults;

/// <summary>The faults ordered so far, from a file and over HTTP. The first rule that is due wins; all that match count the passage.</summary>
public sealed class FaultPlan : IFaultSource
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private int _lastId;

    /// <summary>Reads <c>{"faults": […]}</c>, <c>[…]</c> or one rule. Throws <see cref="InvalidDataException"/>, saying what is wrong.</summary>
    public static ImmutableArray<FaultRule> Parse(string json)
    {
        List<FaultRule?> rules;
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            rules = Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The faults are not what is expected: {Reason(exception)}", exception);
        }

        for (var i = 0; i < rules.Count; i++)
        {
            if ((rules[i] is { } rule ? rule.Problem : "null is no fault") is { } problem)
            {
                throw new InvalidDataException($"Fault {i + 1}: {problem}");
            }
        }

        return [.. rules.OfType<FaultRule>()];
    }

    /// <summary>A plan with the rules of a file. Throws <see cref="InvalidDataException"/> or <see cref="IOException"/>.</summary>
    public static FaultPlan Load(string path)
    {
        var plan = new FaultPlan();
        try
        {
            plan.Add(Parse(File.ReadAllText(path)));
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }

        return plan;
    }

    /// <summary>Adds rules behind those there are; gives their numbers.</summary>
    public ImmutableArray<int> Add(ImmutableArray<FaultRule> rules)
    {
        lock (_lock)
        {
            var added = rules.Select(rule => new Entry(++_lastId, rule)).ToList();
            _entries.AddRange(added);
            return [.. added.Select(entry => entry.Id)];
        }
    }

    public bool Remove(int id)
    {
        lock (_lock)
        {
            return _entries.RemoveAll(entry => entry.Id == id) > 0;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
        }
    }

    public Fault? Take(FaultPoint point, string subject)
    {
        lock (_lock)
        {
            Fault? due = null;
            foreach (var entry in _entries.Where(entry => entry.Rule.Matches(point, subject)))
            {
                entry.Passages++;
                if (due is null && entry.Rule.IsDue(entry.Passages, entry.Fired))
                {
                    entry.Fired++;
                    due = entry.Rule.ToFault();
                }
            }

            return due;
        }
    }

    /// <summary>All rules with their numbers, how often their place was passed and how often they fired.</summary>
    public string Describe()
    {
        lock (_lock)
        {
            return JsonSerializer.Serialize(new { Faults = _entries }, Json);
        }
    }

    private static List<FaultRule?> Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("faults", out var faults))
        {
            if (root.EnumerateObject().Count() > 1)
            {
                throw new JsonException("beside \"faults\" nothing else is known");
            }

            root = faults;
        }

        return root.ValueKind switch
        {
            JsonValueKind.Array => root.Deserialize<List<FaultRule?>>(Json) ?? [],
            JsonValueKind.Object => [root.Deserialize<FaultRule>(Json)],
            _ => throw new JsonException("expected an object or a list of faults"),
        };
    }

    private static string Reason(JsonException exception)
    {
        var member = exception.Path?.Split('.')[^1];
        var reason = member switch
        {
            "point" => $"the point is one of {Names<FaultPoint>()}",
            "kind" => $"the kind is one of {Names<FaultKind>()}",
            _ => exception.Message.Split(" Path: ")[0].Replace(
                $"JSON deserialization for type '{typeof(FaultRule).FullName}' was missing", "a fault lacks the", StringComparison.Ordinal),
        };
        return exception.LineNumber is { } line ? $"{reason} (line {line + 1}, {exception.Path})" : reason;
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName));

    private sealed class Entry(int id, FaultRule rule)
    {
        public int Id => id;

        public FaultRule Rule => rule;

        public long Passages { get; set; }

        public long Fired { get; set; }
    }
}

namespace RedshiftLocal.Store;

/// <summary>The query of a request: decoded names and values in their order.</summary>
internal sealed class QueryValues(IReadOnlyList<(string Name, string Value)> items)
{
    public IReadOnlyList<(string Name, string Value)> Items => items;

    /// <summary>The first value of that name, or null.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var item in items)
            {
                if (item.Name == name)
                {
                    return item.Value;
                }
            }

            return null;
        }
    }

    public bool Has(string name) => this[name] is not null;

    /// <summary>Null when a name or value is malformed.</summary>
    public static QueryValues? Parse(ReadOnlySpan<char> text)
    {
        var items = new List<(string, string)>();
        foreach (var range in text.Split('&'))
        {
            var part = text[range];
            if (part.IsEmpty)
            {
                continue;
            }

            var equals = part.IndexOf('=');
            var name = UriText.Decode(equals < 0 ? part : part[..equals], plusIsSpace: true);
            var value = equals < 0 ? "" : UriText.Decode(part[(equals + 1)..], plusIsSpace: true);
            if (name is null || value is null)
            {
                return null;
            }

            items.Add((name, value));
        }

        return new QueryValues(items);
    }

    /// <summary>A whole number from 0; the default when it is not given. Throws InvalidArgument.</summary>
    public int Number(string name, int otherwise)
    {
        var text = this[name];
        return text is null or "" ? otherwise
            : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value
            : throw S3Errors.InvalidArgument($"Provided {name} not an integer or within integer range", name, text);
    }
}

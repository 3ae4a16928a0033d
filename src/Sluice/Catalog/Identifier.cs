using System.Text.RegularExpressions;

namespace Sluice.Catalog;

/// <summary>The one place where SQL identifiers and literals are quoted.</summary>
public static partial class Identifier
{
    /// <summary>Always quoted, as SQL wants it: <c>"a""b"</c>.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Schema and name, each quoted.</summary>
    public static string Quote(QualifiedName name) => name.Schema is null ? Quote(name.Name) : $"{Quote(name.Schema)}.{Quote(name.Name)}";

    /// <summary>For labels and messages: quoted only where the plain spelling would mean another name.</summary>
    public static string Display(string name) => Plain().IsMatch(name) ? name : Quote(name);

    /// <summary>A string literal with standard_conforming_strings: <c>'it''s'</c>.</summary>
    public static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex("^[a-z_][a-z0-9_$]*$")]
    private static partial Regex Plain();
}

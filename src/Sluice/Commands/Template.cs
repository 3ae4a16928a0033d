using System.Collections.Immutable;
using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>A text after its <c>{{NAME}}</c> variables are filled in, and the way back to the places of the original.</summary>
/// <remarks>
/// Secrets are the places of variables whose names speak of passwords. Faults are tags that could not be filled in and stand
/// unchanged; those in the data after an inline command are none.
/// </remarks>
public sealed record RenderedTemplate(string Text, ImmutableArray<TextSpan> Secrets, ImmutableArray<TemplateFault> Faults)
{
    private readonly ImmutableArray<(int Rendered, int Original)> _anchors = [];

    internal RenderedTemplate(string text, ImmutableArray<TextSpan> secrets, ImmutableArray<TemplateFault> faults,
        ImmutableArray<(int, int)> anchors)
        : this(text, secrets, faults) => _anchors = anchors;

    /// <summary>The 0-based offset in the original of a 0-based offset in the rendered text that stands in unchanged text.</summary>
    public int OriginalOffset(int rendered)
    {
        var anchor = _anchors.LastOrDefault(candidate => candidate.Rendered <= rendered);
        return anchor.Original + (rendered - anchor.Rendered);
    }
}

/// <summary>Something wrong with a tag, and where in the rendered text.</summary>
public sealed record TemplateFault(TextSpan Span, string Message, string? Hint);

/// <summary>Renders Mustache templates: variables (always raw), sections, inverted sections and comments.</summary>
/// <seealso href="https://mustache.github.io/mustache.5.html"/>
public sealed class Template
{
    private static readonly string[] SecretWords = ["PASS", "PWD", "SECRET", "TOKEN", "KEY"];

    private static readonly System.Buffers.SearchValues<char> NeverInNames = System.Buffers.SearchValues.Create("{},'\":()");

    private readonly string _text;
    private readonly Func<string, string?> _lookup;
    private readonly IEnumerable<string> _names;
    private readonly StringBuilder _result = new();
    private readonly ImmutableArray<TextSpan>.Builder _secrets = ImmutableArray.CreateBuilder<TextSpan>();
    private readonly ImmutableArray<TemplateFault>.Builder _faults = ImmutableArray.CreateBuilder<TemplateFault>();
    private readonly ImmutableArray<(int, int)>.Builder _anchors = ImmutableArray.CreateBuilder<(int, int)>();
    private readonly Stack<(string Name, bool WasShown, int Rendered)> _sections = new();
    private bool _isShown = true;

    private Template(string text, Func<string, string?> lookup, IEnumerable<string> names)
    {
        _text = text;
        _lookup = lookup;
        _names = names;
    }

    /// <summary>Fills in the variables. The names are those that exist, to suggest one; they may leave some out.</summary>
    public static RenderedTemplate Render(string text, Func<string, string?> lookup, IEnumerable<string> names) =>
        new Template(text, lookup, names).Render();

    private RenderedTemplate Render()
    {
        var position = 0;
        while (position < _text.Length)
        {
            var open = _text.IndexOf("{{", position, StringComparison.Ordinal);
            Copy(position, open < 0 ? _text.Length : open);
            if (open < 0)
            {
                break;
            }

            position = Tag(open);
        }

        while (_sections.TryPop(out var section))
        {
            _faults.Add(new TemplateFault(new TextSpan(section.Rendered, 0),
                $"The template section {Scanner.Quoted(section.Name)} is never closed", $"close it with {{{{/{section.Name}}}}}"));
        }

        return new RenderedTemplate(_result.ToString(), _secrets.ToImmutable(), _faults.ToImmutable(), _anchors.ToImmutable());
    }

    private void Copy(int start, int end)
    {
        if (_isShown && end > start)
        {
            _anchors.Add((_result.Length, start));
            _result.Append(_text, start, end - start);
        }
    }

    // Returns where the text goes on.
    private int Tag(int open)
    {
        var isTriple = open + 2 < _text.Length && _text[open + 2] == '{';
        var closing = isTriple ? "}}}" : "}}";
        var bodyStart = open + (isTriple ? 3 : 2);
        var close = _text.IndexOf(closing, bodyStart, StringComparison.Ordinal);
        if (close < 0)
        {
            Fault(open, bodyStart, "This template tag is never closed", $"close it with {closing}");
            return bodyStart;
        }

        var end = close + closing.Length;
        var body = _text[bodyStart..close].Trim();
        var sign = !isTriple && body.Length > 0 ? body[0] : '\0';
        var name = sign is '&' or '#' or '^' or '/' or '!' or '>' or '=' ? body[1..].Trim() : body;
        switch (sign)
        {
            case '!':
                break;
            case '#' or '^':
                _sections.Push((name, _isShown, _result.Length));
                _isShown &= IsTrue(_lookup(name)) == (sign == '#');
                break;
            case '/':
                if (_sections.TryPeek(out var section) && section.Name == name)
                {
                    _isShown = _sections.Pop().WasShown;
                }
                else
                {
                    Fault(open, end, $"The template section {Scanner.Quoted(name)} is closed here but not open", null);
                }

                break;
            case '>' or '=':
                Fault(open, end, "Partials and changes of delimiters are not available in templates", null);
                break;
            default:
                Variable(open, end, name);
                break;
        }

        return end;
    }

    private static bool IsTrue(string? value) =>
        !string.IsNullOrEmpty(value) && !value.Equals("false", StringComparison.OrdinalIgnoreCase) && value != "0";

    private void Variable(int open, int end, string name)
    {
        if (!_isShown)
        {
            return;
        }

        var value = _lookup(name);
        if (value is null && name.AsSpan().ContainsAny(NeverInNames))
        {
            // An array such as '{{1,2},{3,4}}' is no tag.
            Copy(open, end);
            return;
        }

        if (value is null)
        {
            var near = name.Length == 0 ? null : Suggest.Nearest(name, _names);
            Fault(open, end, name.Length == 0 ? "This template tag names no variable" : $"Unknown template variable {Scanner.Quoted(name)}",
                near is null ? "set it in the environment or in the --context file" : Scanner.DidYouMean(near));
            return;
        }

        if (SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
        {
            _secrets.Add(new TextSpan(_result.Length, value.Length));
        }

        _result.Append(value);
    }

    private void Fault(int start, int end, string message, string? hint)
    {
        _faults.Add(new TemplateFault(new TextSpan(_result.Length, end - start), message, hint));
        Copy(start, end);
    }
}

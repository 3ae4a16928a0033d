using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sluice.Casts.Expressions;

/// <summary>A piece of a control string: a text as it is, or a directive.</summary>
internal abstract record FormatPart;

internal sealed record FormatLiteral(string Text) : FormatPart;

/// <summary>A directive such as <c>~5,'0d</c>; those with an end, such as <c>~{</c>, hold what stands between in their clauses.</summary>
internal sealed record FormatDirective(char Letter, FormatParameter[] Parameters, bool Colon, bool At) : FormatPart
{
    public List<FormatPart[]> Clauses { get; } = [];

    /// <summary><c>~:}</c>: run at least once; for <c>~[</c>: the last clause is for all other numbers.</summary>
    public bool ColonAtEnd { get; set; }
}

/// <summary>A parameter of a directive: a number, a character, <c>v</c> (the next argument), <c>#</c> (how many are left), or nothing.</summary>
internal readonly record struct FormatParameter(int? Number, Rune? Character, bool IsNext, bool IsRemaining);

/// <summary>A parsed control string of <c>format</c>.</summary>
internal sealed class FormatProgram
{
    private const string Known = "asdxobfrcwpt$%&~*^({[";
    private const int MaxNesting = 30;

    private readonly string _control;
    private int _position;
    private string? _error;
    private int _errorOffset;

    private FormatProgram(string control) => _control = control;

    public FormatPart[] Parts { get; private set; } = [];

    /// <summary>How many arguments are needed, or null when that depends on them.</summary>
    public int? ArgumentCount
    {
        get
        {
            var count = 0;
            foreach (var directive in Parts.OfType<FormatDirective>())
            {
                if (directive.Parameters.Any(parameter => parameter.IsNext) || "*^({[p".Contains(directive.Letter, StringComparison.Ordinal))
                {
                    return null;
                }

                count += "%&~t".Contains(directive.Letter, StringComparison.Ordinal) ? 0 : 1;
            }

            return count;
        }
    }

    public static bool TryParse(
        string control, [NotNullWhen(true)] out FormatProgram? program, [NotNullWhen(false)] out string? error, out int errorOffset)
    {
        program = new FormatProgram(control);
        program.Parts = program.Clause('\0', 0, out _);
        (error, errorOffset) = (program._error, program._errorOffset);
        program = error is null ? program : null;
        return error is null;
    }

    // Reads up to the directive that ends the clause (or up to ~; within ~[) and gives that directive.
    private FormatPart[] Clause(char end, int depth, out FormatDirective? endDirective)
    {
        var parts = new List<FormatPart>();
        var text = new StringBuilder();
        endDirective = null;
        while (_error is null && _position < _control.Length)
        {
            var start = _position;
            if (_control[_position] != '~')
            {
                text.Append(_control[_position++]);
                continue;
            }

            var directive = Directive();
            if (directive is null)
            {
                continue;
            }

            if (directive.Letter == '\n')
            {
                SkipBlanks();
                continue;
            }

            Flush(parts, text);
            if (directive.Letter == end || (directive.Letter == ';' && end == ']'))
            {
                endDirective = directive;
                return [.. parts];
            }

            if ("})];".Contains(directive.Letter, StringComparison.Ordinal))
            {
                Fail(start, $"~{directive.Letter} in a format string has no beginning");
            }
            else if (!Known.Contains(directive.Letter, StringComparison.Ordinal))
            {
                Fail(start, $"Unknown directive '{_control[start.._position]}' in a format string");
            }
            else if ("({[".Contains(directive.Letter, StringComparison.Ordinal))
            {
                Block(directive, start, depth + 1);
            }

            parts.Add(directive);
        }

        Flush(parts, text);
        return [.. parts];
    }

    private void Block(FormatDirective directive, int start, int depth)
    {
        var end = directive.Letter switch { '(' => ')', '{' => '}', _ => ']' };
        if (depth > MaxNesting)
        {
            Fail(start, "The directives of a format string are nested too deep");
            return;
        }

        while (_error is null)
        {
            directive.Clauses.Add(Clause(end, depth, out var ended));
            if (ended is null)
            {
                Fail(start, $"~{directive.Letter} in a format string has no ~{end}");
                return;
            }

            directive.ColonAtEnd |= ended.Colon;
            if (ended.Letter == end)
            {
                break;
            }
        }

        if (directive is { Letter: '{', Clauses: [[]] })
        {
            Fail(start, "~{~} in a format string has nothing to repeat");
        }
        else if (directive is { Letter: '[', Colon: true } && directive.Clauses.Count != 2)
        {
            Fail(start, "~:[ in a format string takes two clauses: ~:[if nil~;otherwise~]");
        }
        else if (directive is { Letter: '[', At: true } && directive.Clauses.Count != 1)
        {
            Fail(start, "~@[ in a format string takes one clause");
        }
    }

    private FormatDirective? Directive()
    {
        var start = _position++;
        var parameters = new List<FormatParameter>();
        while (_error is null && Parameter() is { } parameter)
        {
            parameters.Add(parameter);
            if (_position >= _control.Length || _control[_position] != ',')
            {
                break;
            }

            _position++;
            if (_position < _control.Length && !IsParameterStart(_control[_position]))
            {
                break;
            }
        }

        var (colon, at) = (false, false);
        for (; _position < _control.Length && _control[_position] is ':' or '@'; _position++)
        {
            colon |= _control[_position] == ':';
            at |= _control[_position] == '@';
        }

        if (_position >= _control.Length)
        {
            Fail(start, "A format string ends within a directive");
        }

        return _error is null ? new FormatDirective(char.ToLowerInvariant(_control[_position++]), [.. parameters], colon, at) : null;
    }

    private static bool IsParameterStart(char c) => char.IsAsciiDigit(c) || c is '-' or '+' or '\'' or '#' or 'v' or 'V' or ',';

    private FormatParameter? Parameter()
    {
        if (_position >= _control.Length || !IsParameterStart(_control[_position]))
        {
            return null;
        }

        var start = _position;
        switch (_control[_position])
        {
            case ',':
                return default(FormatParameter);
            case '#':
                _position++;
                return new FormatParameter(null, null, false, true);
            case 'v' or 'V':
                _position++;
                return new FormatParameter(null, null, true, false);
            case '\'' when _position + 1 < _control.Length && Rune.TryGetRuneAt(_control, _position + 1, out var rune):
                _position += 1 + rune.Utf16SequenceLength;
                return new FormatParameter(null, rune, false, false);
        }

        _position++;
        while (_position < _control.Length && char.IsAsciiDigit(_control[_position]))
        {
            _position++;
        }

        if (int.TryParse(_control.AsSpan(start, _position - start), System.Globalization.NumberStyles.AllowLeadingSign, null, out var number)
            && number <= EvalContext.MaxPadding)
        {
            return new FormatParameter(number, null, false, false);
        }

        Fail(start, $"'{_control[start.._position]}' in a format string is no number up to {EvalContext.MaxPadding:N0}");
        return null;
    }

    private void SkipBlanks()
    {
        while (_position < _control.Length && char.IsWhiteSpace(_control[_position]))
        {
            _position++;
        }
    }

    private static void Flush(List<FormatPart> parts, StringBuilder text)
    {
        if (text.Length > 0)
        {
            parts.Add(new FormatLiteral(text.ToString()));
            text.Clear();
        }
    }

    private void Fail(int offset, string message)
    {
        _error ??= message;
        _errorOffset = _error == message ? offset : _errorOffset;
        _position = _control.Length;
    }
}

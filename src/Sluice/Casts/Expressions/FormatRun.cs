using System.Numerics;
using System.Text;

namespace Sluice.Casts.Expressions;

/// <summary>One run of <c>format</c>: writes the parts of a control string with the arguments at hand.</summary>
internal sealed partial class FormatRun
{
    private readonly EvalContext _context;
    private readonly StringBuilder _output = new();
    private int _values;
    private int _nulls;

    private FormatRun(EvalContext context) => _context = context;

    /// <summary>The text; null (NULL) when values were to be printed and every one of them is NULL.</summary>
    public static string? Run(EvalContext context, FormatProgram program, IReadOnlyList<object?> arguments)
    {
        var run = new FormatRun(context);
        run.Write(program.Parts, new Cursor(arguments));
        return run._nulls > 0 && run._values == 0 ? null : run._output.ToString();
    }

    // False when ~^ ended the parts early.
    private bool Write(FormatPart[] parts, Cursor cursor)
    {
        foreach (var part in parts)
        {
            _context.Charge();
            EvalContext.CheckLength(_output.Length);
            if (part is FormatLiteral literal)
            {
                _output.Append(literal.Text);
            }
            else if (!Write((FormatDirective)part, cursor))
            {
                return false;
            }
        }

        return true;
    }

    private bool Write(FormatDirective directive, Cursor cursor)
    {
        switch (directive.Letter)
        {
            case '^':
                return cursor.Remaining > 0;
            case '(':
                return WriteInCase(directive, cursor);
            case '{':
                WriteRepeated(directive, cursor);
                return true;
            case '[':
                return WriteChosen(directive, cursor);
            case '%' or '~':
                _output.Append(directive.Letter == '%' ? '\n' : '~', Size(directive, cursor, 0, 1));
                return true;
            case '&':
                var lines = Size(directive, cursor, 0, 1);
                _output.Append('\n', Math.Max(0, lines - (Column == 0 ? 1 : 0)));
                return true;
            case 't':
                WriteTab(directive, cursor);
                return true;
            case '*':
                Move(directive, cursor);
                return true;
            case 'p':
                WritePlural(directive, cursor);
                return true;
            default:
                WriteValue(directive, cursor);
                return true;
        }
    }

    private int Column
    {
        get
        {
            var column = 0;
            for (var i = _output.Length - 1; i >= 0 && _output[i] != '\n'; i--)
            {
                column++;
            }

            return column;
        }
    }

    private bool WriteInCase(FormatDirective directive, Cursor cursor)
    {
        var start = _output.Length;
        var goesOn = Write(directive.Clauses[0], cursor);
        var text = _output.ToString(start, _output.Length - start);
        _output.Length = start;
        _output.Append((directive.Colon, directive.At) switch
        {
            (true, true) => text.ToUpperInvariant(),
            (true, false) => LispText.Capitalize(text),
            (false, true) => LispText.Capitalize(text, firstWordOnly: true),
            _ => text.ToLowerInvariant(),
        });
        return goesOn;
    }

    private void WriteRepeated(FormatDirective directive, Cursor cursor)
    {
        EvalContext.CheckStack();
        var times = directive.Parameters.Length > 0 ? Size(directive, cursor, 0, int.MaxValue) : int.MaxValue;
        var items = directive.At ? cursor : new Cursor(ListItems(directive, cursor.Next(directive)));
        for (var i = 0; i < times && (items.Remaining > 0 || (i == 0 && directive.ColonAtEnd)); i++)
        {
            _context.Charge();
            if (directive.Colon)
            {
                Write(directive.Clauses[0], new Cursor(items.Remaining > 0 ? ListItems(directive, items.Next(directive)) : []));
            }
            else if (!Write(directive.Clauses[0], items))
            {
                break;
            }
        }
    }

    private List<object?> ListItems(FormatDirective directive, object? list)
    {
        if (list is string)
        {
            throw new TransformException($"format ~{directive.Letter} expected a list, found {LispText.Describe(list)}");
        }

        return new Call(_context, $"format ~{directive.Letter}", []).Items(list);
    }

    private bool WriteChosen(FormatDirective directive, Cursor cursor)
    {
        if (directive.Colon)
        {
            return Write(directive.Clauses[cursor.Next(directive) is null ? 0 : 1], cursor);
        }

        if (directive.At)
        {
            if (cursor.Next(directive) is null)
            {
                return true;
            }

            cursor.Move(-1);
            return Write(directive.Clauses[0], cursor);
        }

        BigInteger choice = directive.Parameters.Length > 0 && directive.Parameters[0] != default
            ? Size(directive, cursor, 0, 0)
            : cursor.Next(directive) is { } value ? value as BigInteger? ?? throw Refuse(directive, "an integer", value) : -1;
        var last = directive.Clauses.Count - 1;
        return choice >= 0 && choice <= last ? Write(directive.Clauses[(int)choice], cursor)
            : !directive.ColonAtEnd || Write(directive.Clauses[last], cursor);
    }

    private void WriteTab(FormatDirective directive, Cursor cursor)
    {
        var column = Column;
        var target = Size(directive, cursor, 0, 1);
        var step = Size(directive, cursor, 1, 1);
        if (directive.At)
        {
            var end = column + target;
            target = step > 0 && end % step != 0 ? end + step - end % step : end;
        }
        else if (column >= target)
        {
            target = step == 0 ? column : column + step - (column - target) % step;
        }

        _output.Append(' ', target - column);
    }

    private static void Move(FormatDirective directive, Cursor cursor)
    {
        if (directive.At)
        {
            cursor.Move(Size(directive, cursor, 0, 0) - cursor.Position);
        }
        else
        {
            var places = Size(directive, cursor, 0, 1);
            cursor.Move(directive.Colon ? -places : places);
        }
    }

    private void WritePlural(FormatDirective directive, Cursor cursor)
    {
        if (directive.Colon)
        {
            cursor.Move(-1);
        }

        var isOne = cursor.Next(directive) is BigInteger { IsOne: true };
        _output.Append(directive.At ? isOne ? "y" : "ies" : isOne ? "" : "s");
    }

    private static int Size(FormatDirective directive, Cursor cursor, int index, int absent)
    {
        if (index >= directive.Parameters.Length || directive.Parameters[index] == default)
        {
            return absent;
        }

        var parameter = directive.Parameters[index];
        var value = parameter.IsRemaining ? cursor.Remaining
            : parameter.IsNext ? cursor.Next(directive) switch
            {
                null => absent,
                BigInteger number when number >= 0 && number <= EvalContext.MaxPadding => (int)number,
                var other => throw Refuse(directive, $"a number up to {EvalContext.MaxPadding:N0}", other),
            }
            : parameter.Number ?? throw Refuse(directive, "a number", parameter.Character);
        return value >= 0 || value == absent ? value : throw Refuse(directive, "a number from 0", new BigInteger(value));
    }

    private static Rune Letter(FormatDirective directive, Cursor cursor, int index, char absent)
    {
        if (index >= directive.Parameters.Length || directive.Parameters[index] == default)
        {
            return new Rune(absent);
        }

        var parameter = directive.Parameters[index];
        return parameter.Character ?? (parameter.IsNext ? cursor.Next(directive) : null) switch
        {
            Rune rune => rune,
            null when parameter.IsNext => new Rune(absent),
            var other => throw Refuse(directive, "a character as 'x", other),
        };
    }

    private static TransformException Refuse(FormatDirective directive, string expected, object? found) =>
        new($"format ~{directive.Letter} expected {expected}, found {LispText.Describe(found)}");

    /// <summary>The arguments and how far they are used.</summary>
    private sealed class Cursor(IReadOnlyList<object?> items)
    {
        public int Position { get; private set; }

        public int Remaining => items.Count - Position;

        public object? Next(FormatDirective directive) => Remaining > 0
            ? items[Position++]
            : throw new TransformException($"format has no argument left for ~{directive.Letter}");

        public void Move(int places)
        {
            var target = (long)Position + places;
            Position = target >= 0 && target <= items.Count
                ? (int)target
                : throw new TransformException("format ~* goes beyond the arguments");
        }
    }
}

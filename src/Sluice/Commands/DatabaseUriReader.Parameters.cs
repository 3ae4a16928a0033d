using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <content>What follows the <c>?</c>, and keyword strings.</content>
internal sealed partial class DatabaseUriReader
{
    private void ReadQuery(int start, char separator)
    {
        var position = start;
        while (position < _end)
        {
            var stop = position;
            var equals = -1;
            while (stop < _end && _source.Text[stop] != separator)
            {
                if (_source.Text[stop] is '\'' or '"'
                    && _source.Text.IndexOf(_source.Text[stop], stop + 1, _end - stop - 1) is var close and >= 0)
                {
                    stop = close;
                }
                else if (_source.Text[stop] == '=' && equals < 0)
                {
                    equals = stop;
                }

                stop++;
            }

            if (equals < 0)
            {
                ReadTable(position, stop);
            }
            else
            {
                ReadParameter(position, equals, stop);
            }

            position = stop + 1;
        }
    }

    private void ReadParameter(int start, int equals, int end)
    {
        var name = _source.Text[start..equals].ToLowerInvariant();
        if (name == "tablename")
        {
            ReadTable(equals + 1, end);
            return;
        }

        SetParameter(name, Decode(_source.Text[(equals + 1)..end], equals + 1, end, name), TextSpan.FromBounds(start, equals),
            TextSpan.FromBounds(equals + 1, end));
    }

    private void ReadTable(int start, int end)
    {
        if (start == end)
        {
            return;
        }

        var scanner = new Scanner(_source, start, end);
        _table = scanner.TableName();
        _tableAsWritten = new Scanner(_source, start, end).TableName(fold: false);
        if (!scanner.AtEnd)
        {
            throw scanner.Fail(TextSpan.FromBounds(scanner.Position, end), "Expected the end of the table name here",
                "quote a name that holds other than letters, digits, _ - $ %: ?\"My Table\"");
        }
    }

    private void ReadKeywords()
    {
        var scanner = new Scanner(_source, _start, _end);
        while (!scanner.AtEnd)
        {
            var start = scanner.Position;
            while (!scanner.AtEnd && scanner.Current != '=' && !char.IsWhiteSpace(scanner.Current))
            {
                scanner.Position++;
            }

            var name = TextSpan.FromBounds(start, scanner.Position);
            SkipSpaces(scanner);
            if (scanner.Current != '=')
            {
                throw Fail(name.Start, name.End, "Expected '=' after a keyword of the connection string",
                    "quote a value that holds blanks: password='…'");
            }

            scanner.Position++;
            SkipSpaces(scanner);
            var valueStart = scanner.Position;
            var value = KeywordValue(scanner);
            SetParameter(scanner.Slice(name).ToLowerInvariant(), value, name, TextSpan.FromBounds(valueStart, scanner.Position));
            SkipSpaces(scanner);
        }
    }

    private static void SkipSpaces(Scanner scanner)
    {
        while (!scanner.AtEnd && char.IsWhiteSpace(scanner.Current))
        {
            scanner.Position++;
        }
    }

    private static string KeywordValue(Scanner scanner)
    {
        var value = new System.Text.StringBuilder();
        var start = scanner.Position;
        var isQuoted = scanner.Current == '\'';
        scanner.Position += isQuoted ? 1 : 0;
        while (!scanner.AtEnd && (isQuoted ? scanner.Current != '\'' : !char.IsWhiteSpace(scanner.Current)))
        {
            scanner.Position += scanner.Current == '\\' && scanner.Position + 1 < scanner.End ? 1 : 0;
            value.Append(scanner.Current);
            scanner.Position++;
        }

        if (isQuoted)
        {
            if (scanner.AtEnd)
            {
                throw scanner.Fail(new TextSpan(start, 1), "This quote in the connection string is never closed");
            }

            scanner.Position++;
        }

        return value.ToString();
    }

    private void SetParameter(string name, string value, TextSpan nameSpan, TextSpan valueSpan)
    {
        var known = UriParameters.Known(_scheme);
        if (!known.Contains(name))
        {
            var near = Suggest.Nearest(name, known);
            throw Fail(nameSpan.Start, nameSpan.End, $"Unknown parameter {Scanner.Quoted(name)} in the address",
                near is null ? null : Scanner.DidYouMean(near));
        }

        if (UriParameters.IsWholeNumber(name) && (value.Length == 0 || value.AsSpan().ContainsAnyExceptInRange('0', '9')))
        {
            throw Fail(valueSpan.Start, valueSpan.End, $"The parameter {name} is a whole number, found {Scanner.Quoted(value)}");
        }

        if (UriParameters.TargetOptions.Contains(name))
        {
            _options.Add(new UriOption(name, value, valueSpan));
            return;
        }

        switch (name)
        {
            case "host":
                _host = value.Length == 0 ? null : value;
                break;
            case "port":
                ReadPort(valueSpan.Start + (_source.Text[valueSpan.Start] == '\'' ? 1 : 0),
                    valueSpan.End - (_source.Text[valueSpan.End - 1] == '\'' ? 1 : 0));
                break;
            case "user":
                _user = value;
                break;
            case "password":
                _password = value;
                break;
            case "dbname" or "databasename":
                _database = value;
                break;
            case "tablename":
                _table = new Scanner(new SourceText(_source.Name, value)).TableName();
                _tableAsWritten = new Scanner(new SourceText(_source.Name, value)).TableName(fold: false);
                break;
            default:
                CheckSslMode(name, value, valueSpan);
                _parameters[name] = value;
                break;
        }
    }

    private void CheckSslMode(string name, string value, TextSpan span)
    {
        if (name == "sslmode" && !UriParameters.SslModes.Contains(value, StringComparer.Ordinal))
        {
            var modes = string.Join(", ", UriParameters.SslModes);
            throw Fail(span.Start, span.End, $"Unknown sslmode {Scanner.Quoted(value)}", $"one of {modes}");
        }
    }
}

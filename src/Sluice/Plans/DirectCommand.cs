using System.Collections.Immutable;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Plans;

/// <summary>A load that is written on the command line: <c>SOURCE TARGET</c> with options.</summary>
public sealed class DirectCommand
{
    private const string Name = "command line";

    private readonly DirectArguments _arguments;
    private readonly LoadKinds _kind;
    private readonly SourceText _text;
    private readonly TextSpan _sourceSpan;
    private readonly TextSpan _targetSpan;
    private readonly List<Diagnostic> _findings = [];

    private DirectCommand(DirectArguments arguments, LoadKinds kind)
    {
        _arguments = arguments;
        _kind = kind;
        _text = new SourceText(Name, $"{arguments.Source} {arguments.Target}");
        _sourceSpan = new TextSpan(0, arguments.Source.Length);
        _targetSpan = new TextSpan(arguments.Source.Length + 1, arguments.Target.Length);
    }

    /// <summary>
    /// Whether two arguments are SOURCE and TARGET (both can be read as such) rather than two command files (neither can).
    /// </summary>
    /// <exception cref="UsageException">Only one of them can be read: says which not, and why.</exception>
    public static bool IsDirect(string source, string target, string? type)
    {
        var isSource = type is not null || SourceGuess.Of(source) != LoadKinds.None || source.Contains("://", StringComparison.Ordinal);
        var isTarget = DatabaseUriReader.SchemeOf(target) is not null || DatabaseUriReader.IsKeywordString(target)
            || target.Contains("://", StringComparison.Ordinal);
        return (isSource, isTarget) switch
        {
            (true, true) => true,
            (false, false) => false,
            (true, false) => throw new UsageException("Cannot read TARGET as the address of a PostgreSQL database",
                "write postgresql://user@host/database?table, or \"host=… dbname=…\""),
            _ => throw BadSource(source),
        };
    }

    /// <summary>Binds the command line.</summary>
    /// <exception cref="UsageException">SOURCE, TARGET or <c>--type</c> cannot be read.</exception>
    /// <exception cref="CommandException">The value of an option is wrong; the place names the option.</exception>
    /// <exception cref="SourceException">A file of <c>--before</c> or <c>--after</c> cannot be read.</exception>
    public static LoadSpec Bind(DirectArguments arguments)
    {
        var kind = KindOf(arguments);
        return new DirectCommand(arguments, kind).Bind();
    }

    private static LoadKinds KindOf(DirectArguments arguments)
    {
        if (arguments.Type is { } type)
        {
            return SourceGuess.OfType(type) is var forced and not LoadKinds.None
                ? forced
                : throw new UsageException($"Unknown --type {Scanner.Quoted(type)}",
                    Suggest.Nearest(type, SourceGuess.TypeNames) is { } near ? Scanner.DidYouMean(near)
                        : $"one of {string.Join(", ", SourceGuess.TypeNames)}");
        }

        return SourceGuess.Of(arguments.Source) is var kind and not LoadKinds.None ? kind : throw BadSource(arguments.Source);
    }

    private static UsageException BadSource(string source)
    {
        var colon = source.IndexOf("://", StringComparison.Ordinal);
        var scheme = colon < 0 ? null : source[..colon];
        var near = scheme is null or "http" or "https" ? null : Suggest.Nearest(scheme,
            ["csv", "fixed", "copy", "dbf", "ixf", "sqlite", "mysql", "mssql", "postgresql", "http", "https"]);
        return new UsageException($"Cannot tell what SOURCE is: {Printable.Escape(SecretMask.Redact(source))}",
            near is null ? "say it with --type csv, fixed, copy, dbf, ixf, sqlite, mysql, mssql or pgsql"
                : Scanner.DidYouMean(near + "://"));
    }

    private LoadSpec Bind()
    {
        var clauses = ImmutableArray.CreateBuilder<ClauseSyntax>();
        clauses.Add(new ClauseSyntax.Into(_targetSpan, Target()));
        var source = Source();
        Collect(clauses, Encoding);
        Collect(clauses, With);
        Collect(clauses, Settings);
        Collect(clauses, Fields);
        Collect(clauses, Casts);
        Collect(clauses, () => SqlFile(ClauseKind.BeforeLoad, "--before", _arguments.Before));
        Collect(clauses, () => SqlFile(ClauseKind.AfterLoad, "--after", _arguments.After));
        var command = new CommandSyntax { Kind = _kind, Words = _sourceSpan, Source = source, Clauses = clauses.ToImmutable() };
        var context = new BinderContext { Text = _text, BaseDirectory = _arguments.CurrentDirectory };
        var notes = _findings.Where(finding => finding.Severity != DiagnosticSeverity.Error).ToList();
        var errors = _findings.Where(finding => finding.Severity == DiagnosticSeverity.Error).ToList();
        LoadSpec? spec = null;
        try
        {
            spec = Binder.Bind(context, command, errors);
        }
        catch (SourceException) when (errors.Count > 0)
        {
            // The command is wrong whatever its files hold.
        }

        return spec is null || errors.Count > 0
            ? throw new CommandException(errors[0], [.. errors.Skip(1).Take(4)])
            : spec with { Diagnostics = [.. notes, .. spec.Diagnostics] };
    }

    private void Collect(ImmutableArray<ClauseSyntax>.Builder clauses, Func<ClauseSyntax?> read)
    {
        try
        {
            if (read() is { } clause)
            {
                clauses.Add(clause);
            }
        }
        catch (CommandException error)
        {
            _findings.Add(error.Diagnostic);
        }
    }

    private DatabaseUri Target()
    {
        try
        {
            var uri = DatabaseUriReader.Read(_text, _targetSpan.Start, _targetSpan.End);
            return uri.IsPostgres
                ? uri
                : throw new UsageException($"Cannot load into TARGET: it is a {uri.Scheme} database",
                    "the target is PostgreSQL: postgresql://user@host/database");
        }
        catch (CommandException error)
        {
            throw new UsageException($"Cannot read TARGET: {error.Message}", error.Hint);
        }
    }

    private SourceSyntax Source()
    {
        try
        {
            var scheme = DatabaseUriReader.SchemeOf(_arguments.Source);
            if ((_kind & LoadKinds.Databases) != 0 && (scheme is not null || DatabaseUriReader.IsKeywordString(_arguments.Source)))
            {
                return new SourceSyntax.Database(_sourceSpan, DatabaseUriReader.Read(_text, _sourceSpan.Start, _sourceSpan.End));
            }

            var isText = (_kind & LoadKinds.Text) != 0;
            var file = isText && _arguments.Source is "-" or "stdin"
                ? new SourceSyntax.Stdin(_sourceSpan)
                : new Parser(_text).AddressedFile(_sourceSpan, _arguments.Source, _kind);
            if (_kind is LoadKinds.Sqlite && file is SourceSyntax.File sqlite)
            {
                return new SourceSyntax.Database(_sourceSpan,
                    new DatabaseUri { Scheme = "sqlite", Database = sqlite.Name, Span = _sourceSpan });
            }

            return (_kind & LoadKinds.Databases) == 0 || file is SourceSyntax.Http
                ? file
                : throw new UsageException("Cannot read SOURCE as the address of a database", "write mysql://user@host/database");
        }
        catch (CommandException error) when (!SourceGuess.IsUnbuiltLocation(_arguments.Source))
        {
            throw new UsageException($"Cannot read SOURCE: {error.Message}", error.Hint);
        }
    }

    // The clause's text is that of the option, so the name is looked up here, where a mistake has its place.
    private ClauseSyntax.Encoding? Encoding()
    {
        if (_arguments.Encoding is not { } name)
        {
            return null;
        }

        var found = new Parser(new SourceText("--encoding", name)).Encoding(name, new TextSpan(0, name.Length));
        return new ClauseSyntax.Encoding(default, found, default);
    }

    private ClauseSyntax.With? With()
    {
        var places = ImmutableArray.CreateBuilder<Place>();
        foreach (var text in _arguments.With)
        {
            places.AddRange(Whole(new SourceText("--with", text), parser => parser.OptionPlaces()));
        }

        return places.Count == 0 ? null : new ClauseSyntax.With(default, places.ToImmutable());
    }

    private ClauseSyntax.Set? Settings()
    {
        var settings = ImmutableArray.CreateBuilder<SettingSyntax>();
        foreach (var text in _arguments.Set)
        {
            settings.AddRange(Whole(new SourceText("--set", text), parser => parser.SettingItems()));
        }

        return settings.Count == 0 ? null : new ClauseSyntax.Set(ClauseKind.Set, default, settings.ToImmutable());
    }

    private ClauseSyntax.Fields? Fields()
    {
        if (_arguments.Field.Length > 0 && (_kind & LoadKinds.Text) == 0)
        {
            throw new UsageException($"--field has no meaning for {LoadKindNames.Words(_kind)}");
        }

        var fields = ImmutableArray.CreateBuilder<FieldSpec>();
        foreach (var text in _arguments.Field)
        {
            fields.AddRange(Whole(new SourceText("--field", text), parser => parser.FieldItems(_kind)));
        }

        return fields.Count == 0 ? null : new ClauseSyntax.Fields(default, fields.ToImmutable());
    }

    private ClauseSyntax.Cast? Casts()
    {
        var rules = ImmutableArray.CreateBuilder<CastRuleSpec>();
        foreach (var text in _arguments.Cast)
        {
            var source = new SourceText("--cast", text);
            if ((_kind & (LoadKinds.Databases | LoadKinds.Dbf)) == 0)
            {
                _findings.Add(new Place(source,
                    new TextSpan(0, text.Length)).Warning($"--cast has no meaning for {LoadKindNames.Words(_kind)} and is ignored"));
                continue;
            }

            rules.AddRange(Whole(source, parser => parser.CastRules()).Select(rule => rule with { Text = source }));
        }

        return rules.Count == 0 ? null : new ClauseSyntax.Cast(default, rules.ToImmutable());
    }

    private static ClauseSyntax.Sql? SqlFile(ClauseKind kind, string option, string? path) => path is null
        ? null
        : new ClauseSyntax.Sql(kind, default,
            [new SqlPartSyntax(new Place(new SourceText(option, path), new TextSpan(0, path.Length)), path, IsFile: true)]);

    // The whole value of an option, and nothing after it.
    private static ImmutableArray<T> Whole<T>(SourceText text, Func<Parser, ImmutableArray<T>> read)
    {
        var scanner = new Scanner(text);
        var items = read(new Parser(scanner));
        scanner.SkipBlanks();
        return scanner.AtEnd ? items : throw scanner.Expected("',' or the end of the option's value");
    }
}

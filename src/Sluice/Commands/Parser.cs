using System.Collections.Immutable;
using System.Diagnostics;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>Reads the commands of a text by recursive descent. One file for each family of clauses.</summary>
internal sealed partial class Parser(Scanner scanner)
{
    private const int MaxErrors = 5;

    private static readonly (string Words, LoadKinds Kind)[] LoadWords =
    [
        ("csv", LoadKinds.Csv), ("fixed", LoadKinds.Fixed), ("copy", LoadKinds.Copy), ("dbf", LoadKinds.Dbf), ("ixf", LoadKinds.Ixf),
        ("archive", LoadKinds.Archive), ("database", LoadKinds.Databases),
    ];

    private readonly List<Diagnostic> _errors = [];

    public Parser(SourceText source)
        : this(new Scanner(source))
    {
    }

    /// <summary>What is wrong, in the order of the text. Empty when every command was read.</summary>
    public IReadOnlyList<Diagnostic> Errors => _errors;

    /// <summary>Reads all commands. After a mistake, reading resumes at the next command.</summary>
    public ImmutableArray<CommandSyntax> ParseAll()
    {
        var commands = ImmutableArray.CreateBuilder<CommandSyntax>();
        var inlineSeen = false;
        while (!inlineSeen && _errors.Count < MaxErrors && HasMore())
        {
            var start = scanner.Position;
            try
            {
                var command = ParseCommand();
                inlineSeen = command.Source is SourceSyntax.Inline;
                if (inlineSeen && commands.Count > 0)
                {
                    throw scanner.Fail(command.Source.Span, "Data can stand in the command file only when it holds one command",
                        "put this command and its data into a file of their own");
                }

                commands.Add(command);
            }
            catch (CommandException error)
            {
                _errors.Add(error.Diagnostic);
                if (!ResumeAtNextCommand(Math.Max(start + 1, error.Diagnostic.Span.Start)))
                {
                    break;
                }
            }

            Debug.Assert(scanner.Position > start, "each turn reads something");
        }

        if (commands.Count == 0 && _errors.Count == 0)
        {
            _errors.Add(scanner.Fail(new TextSpan(0, 0), "There is no command in this file",
                "a command begins with LOAD, for example LOAD CSV FROM 'file.csv' INTO …").Diagnostic);
        }

        return commands.ToImmutable();
    }

    /// <summary>Whether the clause's words stand here; the kind does not matter.</summary>
    public bool AtClause() => char.IsAsciiLetter(scanner.Current) && ClauseDefinition.All.Any(clause => scanner.LooksAt(clause.Words));

    private bool HasMore()
    {
        try
        {
            scanner.SkipBlanks();
            return !scanner.AtEnd;
        }
        catch (CommandException error)
        {
            _errors.Add(error.Diagnostic);
            return false;
        }
    }

    // A command that follows stands at the start of a line, after a semicolon that ends a line.
    private bool ResumeAtNextCommand(int from)
    {
        var text = scanner.Source.Text;
        for (var line = text.IndexOf('\n', Math.Min(from, scanner.End)); line >= 0
            && line < scanner.End; line = text.IndexOf('\n', line + 1))
        {
            scanner.Position = line + 1;
            if (text.AsSpan(0, line).TrimEnd().EndsWith(";", StringComparison.Ordinal)
                && !char.IsWhiteSpace(scanner.Current) && LoadWords.Any(load => scanner.LooksAt($"load {load.Words} from")))
            {
                return true;
            }
        }

        return false;
    }

    private CommandSyntax ParseCommand()
    {
        scanner.ExpectWords("load", "a command begins with LOAD");
        var words = scanner.LastEnd - 4;
        var kind = LoadWords.FirstOrDefault(load => scanner.TryWords(load.Words)).Kind;
        if (kind == LoadKinds.None)
        {
            throw scanner.Expected("CSV, FIXED, COPY, DBF, IXF, ARCHIVE or DATABASE after LOAD",
                candidates: LoadWords.Select(load => load.Words));
        }

        return ParseCommand(kind, TextSpan.FromBounds(words, scanner.LastEnd), isPart: false);
    }

    private CommandSyntax ParseCommand(LoadKinds kind, TextSpan words, bool isPart)
    {
        scanner.ExpectWords("from");
        var source = kind == LoadKinds.Databases ? DatabaseSource(ref kind) : FileSource(kind, isPart);
        var clauses = ImmutableArray.CreateBuilder<ClauseSyntax>();
        var parts = ImmutableArray.CreateBuilder<CommandSyntax>();
        while (true)
        {
            scanner.SkipBlanks();
            if (scanner.AtEnd || scanner.Current == ';' || (isPart && AtPartEnd()))
            {
                break;
            }

            if (kind == LoadKinds.Archive && scanner.LooksAt("load"))
            {
                ParseParts(parts);
                continue;
            }

            clauses.Add(ParseClause(kind, clauses));
        }

        if (kind == LoadKinds.Archive && parts.Count == 0)
        {
            throw scanner.Expected("LOAD CSV, LOAD FIXED or LOAD DBF for the files in the archive");
        }

        return new CommandSyntax
        {
            Kind = kind,
            Words = words,
            Source = source,
            Clauses = clauses.ToImmutable(),
            Parts = parts.ToImmutable(),
            IsTerminated = !isPart && scanner.TryPunctuation(';'),
            End = scanner.LastEnd,
        };
    }

    private bool AtPartEnd() => scanner.LooksAt("and") || scanner.LooksAt("load") || scanner.LooksAt("finally");

    private void ParseParts(ImmutableArray<CommandSyntax>.Builder parts)
    {
        if (parts.Count > 0)
        {
            throw scanner.Fail(scanner.WordHere(), "Expected AND between the commands of LOAD ARCHIVE");
        }

        do
        {
            scanner.ExpectWords("load");
            var start = scanner.LastEnd - 4;
            var kind = scanner.TryWords("csv") ? LoadKinds.Csv : scanner.TryWords("dbf") ? LoadKinds.Dbf : scanner.TryWords("fixed")
                ? LoadKinds.Fixed
                : throw scanner.Expected("CSV, FIXED or DBF: these can be loaded from an archive", candidates: ["csv", "fixed", "dbf"]);
            parts.Add(ParseCommand(kind, TextSpan.FromBounds(start, scanner.LastEnd), isPart: true));
        }
        while (scanner.TryWords("and"));
    }
}

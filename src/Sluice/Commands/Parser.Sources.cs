using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <content>What stands after FROM and INTO.</content>
internal sealed partial class Parser
{
    private static readonly (string Scheme, LoadKinds Kind)[] FileSchemes =
    [
        ("csv://", LoadKinds.Csv), ("fixed://", LoadKinds.Fixed), ("copy://", LoadKinds.Copy), ("dbf://", LoadKinds.Dbf),
            ("ixf://", LoadKinds.Ixf),
    ];

    /// <summary>A database address, bare or quoted.</summary>
    public DatabaseUri Address(string what)
    {
        scanner.SkipBlanks();
        if (scanner.Current is '\'' or '"')
        {
            var open = scanner.Position;
            scanner.QuotedText(what);
            return DatabaseUriReader.Read(scanner.Source, open + 1, scanner.Position - 1);
        }

        var start = scanner.Position;
        var end = UriText.FindEnd(scanner.Source.Text, start, scanner.End);
        if (end == start)
        {
            throw scanner.Expected(what);
        }

        if (!scanner.Source.Text.AsSpan(start, end - start).Contains(':') && scanner.Source.Text.AsSpan(start, end - start).Contains('='))
        {
            throw scanner.Fail(TextSpan.FromBounds(start, end), "A keyword string must stand in quotes here",
                "write \"host=… dbname=…\"");
        }

        var uri = DatabaseUriReader.Read(scanner.Source, start, end);
        scanner.Position = end;
        scanner.Mark();
        return uri;
    }

    /// <summary>An address of a PostgreSQL server to load into.</summary>
    public DatabaseUri TargetAddress()
    {
        var uri = Address("the address of the target database");
        return uri.IsPostgres
            ? uri
            : throw scanner.Fail(uri.Span, $"A {uri.Scheme} database cannot be loaded into",
                "the target is PostgreSQL: postgresql://user@host/database");
    }

    private SourceSyntax DatabaseSource(ref LoadKinds kind)
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        var isQuoted = scanner.Current is '\'' or '"';
        var text = isQuoted ? scanner.QuotedText("the address of the source") : null;
        var end = isQuoted ? scanner.Position : UriText.FindEnd(scanner.Source.Text, start, scanner.End);
        scanner.Position = start;
        text ??= scanner.Source.Text[start..end];
        var scheme = DatabaseUriReader.SchemeOf(text);
        if (scheme is null && (text.StartsWith("http://", StringComparison.Ordinal)
            || text.StartsWith("https://", StringComparison.Ordinal)))
        {
            kind = LoadKinds.Sqlite;
            return FileSource(kind, isPart: false);
        }

        if (scheme is not null || text.Contains("://", StringComparison.Ordinal) || (isQuoted && DatabaseUriReader.IsKeywordString(text))
            || text.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase))
        {
            var uri = Address("the address of the source");
            kind = uri.Scheme switch
            {
                "mysql" => LoadKinds.MySql,
                "mssql" => LoadKinds.SqlServer,
                "sqlite" => LoadKinds.Sqlite,
                _ => LoadKinds.Postgres,
            };
            return new SourceSyntax.Database(uri.Span, uri);
        }

        kind = LoadKinds.Sqlite;
        var file = (SourceSyntax.File)PlainFile("a database address or the name of a SQLite file");
        return new SourceSyntax.Database(file.Span, new DatabaseUri { Scheme = "sqlite", Database = file.Name, Span = file.Span });
    }

    private SourceSyntax FileSource(LoadKinds kind, bool isPart)
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        var isText = (kind & LoadKinds.Text) != 0;
        if (isText && (TrySpecial("-") || TrySpecial("stdin")))
        {
            var stdin = TextSpan.FromBounds(start, scanner.Position);
            return isPart ? throw scanner.Fail(stdin, "Standard input is not in the archive") : new SourceSyntax.Stdin(stdin);
        }

        if (isText && TrySpecial("inline"))
        {
            var inline = TextSpan.FromBounds(start, scanner.Position);
            return isPart ? throw scanner.Fail(inline, "Data of the command file is not in the archive") : new SourceSyntax.Inline(inline);
        }

        if (isText && Matching() is { } matching)
        {
            return matching;
        }

        return PlainFile(kind == LoadKinds.Archive ? "the archive's name" : "the file's name", kind);
    }

    private bool TrySpecial(string word)
    {
        var start = scanner.Position;
        if (scanner.TryWords(word) && (scanner.AtEnd || char.IsWhiteSpace(scanner.Current) || scanner.Current is ';' or '(' or '/'))
        {
            return true;
        }

        scanner.Position = start;
        return false;
    }

    private SourceSyntax.Matching? Matching()
    {
        var start = scanner.Position;
        var all = scanner.TryWords("all filenames matching") || scanner.TryWords("all filename matching");
        if (!all && !scanner.TryWords("first filename matching") && !scanner.TryWords("filename matching"))
        {
            if (scanner.LooksAt("filenames matching"))
            {
                throw scanner.Expected("ALL before FILENAMES MATCHING", "ALL FILENAMES MATCHING takes every file, FILENAME MATCHING the first", ["all"]);
            }

            return scanner.LooksAt("filename") || scanner.LooksAt("all filename") || scanner.LooksAt("all filenames")
                || scanner.LooksAt("first filename")
                ? throw NotMatching()
                : null;
        }

        var pattern = scanner.Compile(scanner.RegexLiteral());
        string? directory = null;
        var directorySpan = default(TextSpan);
        var end = scanner.LastEnd;
        if (scanner.TryWords("in directory"))
        {
            var file = (SourceSyntax.File)PlainFile("a folder's name");
            (directory, directorySpan) = (file.Name, file.Span);
            end = scanner.LastEnd;
        }

        return new SourceSyntax.Matching(TextSpan.FromBounds(start, end), pattern, all, directory, directorySpan);
    }

    private CommandException NotMatching()
    {
        while (scanner.TryWords("all") || scanner.TryWords("first") || scanner.TryWords("filename") || scanner.TryWords("filenames"))
        {
        }

        return scanner.Expected("MATCHING and a regular expression", "write FILENAME MATCHING ~/…/; quote a file of this name",
            ["matching"]);
    }

    /// <summary>A file's name, bare or quoted, or a download.</summary>
    private SourceSyntax PlainFile(string what, LoadKinds kind = LoadKinds.None)
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        string name;
        if (scanner.Current is '\'' or '"')
        {
            name = scanner.QuotedText(what);
        }
        else
        {
            while (!scanner.AtEnd && !char.IsWhiteSpace(scanner.Current) && scanner.Current is not (';' or ',' or '\'' or '"'))
            {
                scanner.Position++;
            }

            name = scanner.Source.Text[start..scanner.Position];
            scanner.Mark();
        }

        var span = TextSpan.FromBounds(start, scanner.Position);
        if (name.Length == 0)
        {
            throw span.Length == 0 ? scanner.Expected(what) : scanner.Fail(span, $"Expected {what}, found an empty name");
        }

        return kind == LoadKinds.None ? new SourceSyntax.File(span, name) : AddressedFile(span, name, kind);
    }

    /// <summary>A file's name that may begin with a scheme.</summary>
    public SourceSyntax AddressedFile(TextSpan span, string name, LoadKinds kind)
    {
        if (name.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(name, UriKind.Absolute, out var address) && address.Host.Length > 0
                ? new SourceSyntax.Http(span, address)
                : throw scanner.Fail(span, "This is not a web address", "write https://host/path");
        }

        foreach (var (scheme, schemeKind) in FileSchemes)
        {
            if (name.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return schemeKind == kind
                    ? new SourceSyntax.File(span, name[scheme.Length..])
                    : throw scanner.Fail(span, $"{LoadKindNames.Words(kind)} cannot read {scheme}",
                        $"write {LoadKindNames.Words(schemeKind)}, or the file's name alone");
            }
        }

        if (name.IndexOf("://", StringComparison.Ordinal) is var colon and > 0)
        {
            var scheme = name[..colon];
            if (scheme.Equals("s3", StringComparison.OrdinalIgnoreCase))
            {
                throw scanner.Fail(span, "Reading from s3:// is not built yet; this version reads files, standard input, http:// and https://",
                    "write FROM stdin, then: aws s3 cp s3://bucket/key - | sluice file.load");
            }

            var near = Suggest.Nearest(scheme,
                FileSchemes.Where(entry => entry.Kind == kind).Select(entry => entry.Scheme[..^3]).Concat(["http", "https"]));
            var hint = DatabaseUriReader.SchemeOf(name) is not null ? "a database is loaded by LOAD DATABASE FROM" : near is null ? null
                : Scanner.DidYouMean(near + "://");
            throw scanner.Fail(span, $"{LoadKindNames.Words(kind)} cannot read from {Scanner.Quoted(scheme + "://")}", hint);
        }

        return new SourceSyntax.File(span, name);
    }
}

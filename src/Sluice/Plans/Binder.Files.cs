using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Plans;

/// <content>LOAD CSV, FIXED, COPY, DBF, IXF and ARCHIVE.</content>
public sealed partial class Binder
{
    private FileLoadSpec File()
    {
        var options = Options();
        var target = Target();
        var kind = _command.Kind;
        var location = Location();
        var spec = CheckColumns(new FileLoadSpec
        {
            Text = _context.Text,
            Span = _command.Words,
            Kind = LoadKindNames.Words(kind)["LOAD ".Length..],
            LoadKind = kind,
            Target = target,
            Options = CommonOptions(options),
            Settings = Settings(),
            BeforeLoad = Sql(ClauseKind.BeforeLoad),
            AfterCreateSchema = Sql(ClauseKind.AfterCreateSchema),
            AfterLoad = Sql(ClauseKind.AfterLoad),
            Location = location,
            EncodingName = Encoding(options),
            Fields = Clause<ClauseSyntax.Fields>(ClauseKind.Fields)?.Items ?? [],
            Columns = Clause<ClauseSyntax.Columns>(ClauseKind.Columns)?.Items ?? [],
            Table = Table(options, target, location),
            Csv = kind == LoadKinds.Csv ? Csv(options) : null,
            Fixed = kind == LoadKinds.Fixed ? Fixed(options) : null,
            Copy = kind == LoadKinds.Copy ? Copy(options) : null,
            Schema = kind is LoadKinds.Dbf or LoadKinds.Ixf ? Schema(options) : null,
            Casts = Clause<ClauseSyntax.Cast>(ClauseKind.Cast)?.Items ?? [],
            TimeZone = kind == LoadKinds.Ixf ? options["timezone"]?.Text ?? "UTC" : null,
        });
        _findings.AddRange(KnownDifferences.Of(spec, options));
        return spec;
    }

    private string? Encoding(BoundOptions options)
    {
        var option = options["encoding"];
        if (Clause<ClauseSyntax.Encoding>(ClauseKind.Encoding) is not { } clause)
        {
            return option?.Text;
        }

        if (option is not null)
        {
            var first = new Place(_context.Text, clause.Span);
            _findings.Add(option.Place.Warning($"The encoding is set twice; WITH ENCODING, at {first}, counts"));
        }

        try
        {
            return new Parser(_context.Text).Encoding(clause.Name, clause.NameSpan);
        }
        catch (CommandException error)
        {
            _findings.Add(error.Diagnostic);
            return null;
        }
    }

    private QualifiedName? Table(BoundOptions options, DatabaseUri? target, FileLocation location)
    {
        if (WrittenTable(options, target) is { } written)
        {
            return written;
        }

        if ((_command.Kind & LoadKinds.Text) != 0)
        {
            if (target is not null)
            {
                Fail(target.Span, "No target table is named", "write TARGET TABLE name after INTO, or ?name at the end of the address");
            }

            return null;
        }

        var path = location switch
        {
            FileLocation.LocalFile file => file.Path,
            FileLocation.Http http => http.Address.AbsolutePath,
            _ => "",
        };
        var name = Path.GetFileNameWithoutExtension(path);
        return name.Length == 0 ? null : new QualifiedName(null, options.Word("identifiers") == "quote" ? name : name.ToLowerInvariant());
    }

    private FileLocation Location() => _command.Source switch
    {
        SourceSyntax.Stdin stdin => new FileLocation.Stdin { Span = stdin.Span },
        SourceSyntax.Http http => new FileLocation.Http(http.Address) { Span = http.Span },
        SourceSyntax.Inline inline => Inline(inline),
        SourceSyntax.Matching matching =>
            new FileLocation.Matching(matching.Pattern, Folder(matching), matching.All) { Span = matching.Span },
        SourceSyntax.File file => new FileLocation.LocalFile(_context.IsInArchive ? file.Name : Absolute(file.Name)) { Span = file.Span },
        _ => throw new InvalidOperationException("a file load has a file"),
    };

    private string Absolute(string name) => Path.GetFullPath(Path.Combine(_context.BaseDirectory, name));

    private string Folder(SourceSyntax.Matching matching)
    {
        if (_context.IsInArchive)
        {
            return matching.Directory ?? "";
        }

        var place = new Place(_context.Text, matching.DirectorySpan);
        var folder = matching.Directory is null ? _context.BaseDirectory : Absolute(matching.Directory);
        return matching.Directory is null || Directory.Exists(folder)
            ? folder
            : throw new SourceException($"{place}: There is no folder {Printable.Escape(folder)}");
    }

    private FileLocation Inline(SourceSyntax.Inline inline)
    {
        if (_context.CommandPath is null)
        {
            Fail(inline.Span, "INLINE data can stand only in a command file");
            return new FileLocation.Stdin();
        }

        if (!_command.IsTerminated)
        {
            Fail(new TextSpan(_command.End, 0), "Expected ';' between the command and its data");
        }

        var start = InlineData.Start(_context.Text.Text, _command.End);
        return new FileLocation.Inline(_context.CommandPath, _context.ByteOffset(start)) { Span = inline.Span };
    }

    private CsvOptions Csv(BoundOptions options)
    {
        var quote = options["fields enclosed by"] is { } enclosed ? enclosed.Word == "none" ? null : enclosed.Text : "\"";
        var escape = options["fields escaped by"];
        var following = options.Word("csv escape mode") == "following";
        if (following && escape is { Text.Length: > 1 } or null && following)
        {
            var place = (escape ?? options["csv escape mode"])!.Place; // following is written
            _findings.Add(place.Error("csv escape mode following needs one escape character", "write fields escaped by '\\'"));
        }

        var csv = new CsvOptions
        {
            SkipLines = options.Number("skip header") ?? 0,
            HasHeader = options.Flag("csv header"),
            Separator = options["fields terminated by"]?.Text,
            Quote = quote,
            IsQuotingWritten = options["fields enclosed by"] is not null || escape is not null,
            Escape = escape?.Text is null or "\"\"" ? (quote ?? "\"") + (quote ?? "\"") : escape.Text,
            EscapeFollowing = following,
            LineTerminator = options["lines terminated by"]?.Text ?? "\n",
            IsLineTerminatorWritten = options["lines terminated by"] is not null,
            TrimUnquotedBlanks = options.Word("unquoted blanks") != "keep",
            StrictFields = options.Flag("strict fields"),
            NullIf = NullIfs(options),
            DateFormat = options["date format"]?.Text,
        };
        if (csv.Separator is not null && (csv.Separator == csv.Quote || csv.Separator == csv.LineTerminator))
        {
            _findings.Add(options["fields terminated by"]!.Place.Error( // it is written
                csv.Separator == csv.Quote ? "The separator and the quote are the same character"
                    : "The separator and the end of a line are the same character"));
        }

        return csv;
    }

    private FixedOptions Fixed(BoundOptions options)
    {
        if (Clause<ClauseSyntax.Fields>(ClauseKind.Fields) is null && !options.Flag("fixed header"))
        {
            Fail(_command.Words, "LOAD FIXED does not say where its fields are",
                "write a field list: (name from 0 for 10, …), or WITH fixed header where a header line shows it");
        }

        return new FixedOptions
        {
            SkipLines = options.Number("skip header") ?? 0,
            HasHeader = options.Flag("fixed header"),
            StrictFields = options.Flag("strict fields"),
            NullIf = NullIfs(options),
            DateFormat = options["date format"]?.Text,
        };
    }

    private CopyOptions Copy(BoundOptions options)
    {
        var copy = new CopyOptions
        {
            SkipLines = options.Number("skip header") ?? 0,
            Delimiter = options["delimiter"]?.Text ?? "\t",
            NullMarker = options["null"]?.Text ?? @"\N",
            StrictFields = options.Flag("strict fields"),
        };

        // As the server: what an escape is made of separates nothing. https://www.postgresql.org/docs/current/sql-copy.html
        if (@"\.abcdefghijklmnopqrstuvwxyz0123456789".Contains(copy.Delimiter, StringComparison.Ordinal) || copy.Delimiter is "\n" or "\r")
        {
            _findings.Add(options["delimiter"]!.Place.Error( // the default is none of these
                "The delimiter cannot be a backslash, a dot, a lower-case letter, a digit or the end of a line"));
        }
        else if (copy.NullMarker.Contains(copy.Delimiter, StringComparison.Ordinal) || copy.NullMarker.AsSpan().ContainsAny('\n', '\r'))
        {
            _findings.Add((options["null"] ?? options["delimiter"])!.Place.Error( // the defaults do not meet
                "The text that means NULL cannot hold the delimiter or the end of a line"));
        }

        return copy;
    }

    private static ImmutableArray<NullIf> NullIfs(BoundOptions options) => options["null if"] is { } option ? [option.NullIf] : [];

    private ArchiveLoadSpec Archive()
    {
        var target = Target(isRequired: false);
        var before = Sql(ClauseKind.BeforeLoad);
        var after = Sql(ClauseKind.Finally);
        var needy = _clauses.GetValueOrDefault(ClauseKind.BeforeLoad) ?? _clauses.GetValueOrDefault(ClauseKind.Finally);
        if (target is null && needy is { } clause)
        {
            Fail(clause.Span, $"LOAD ARCHIVE needs INTO for its {DisplayOf(clause.Kind)} clause",
                "write INTO postgresql://user@host/database after FROM");
        }

        return new ArchiveLoadSpec
        {
            Text = _context.Text,
            Span = _command.Words,
            Kind = "ARCHIVE",
            LoadKind = LoadKinds.Archive,
            Target = target,
            BeforeLoad = before,
            Location = Location(),
            Parts = [.. _command.Parts.Select(part => (FileLoadSpec)Bind(_context with { IsInArchive = true }, part, _findings))],
            Finally = after,
        };
    }
}

using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Sources;

namespace Sluice.Plans;

/// <summary>Turns one parsed command into what it means. Reads no file but those of EXECUTE.</summary>
public sealed partial class Binder
{
    private readonly BinderContext _context;
    private readonly CommandSyntax _command;
    private readonly SourceDescriptor _source;
    private readonly List<Diagnostic> _findings;
    private readonly Dictionary<ClauseKind, ClauseSyntax> _clauses = [];

    private Binder(BinderContext context, CommandSyntax command, List<Diagnostic> findings)
    {
        _context = context;
        _command = command;
        _findings = findings;
        _source = SourceRegistry.Find(command.Kind);
        foreach (var clause in command.Clauses)
        {
            if (!_clauses.TryAdd(clause.Kind, clause))
            {
                var first = new Place(context.Text, _clauses[clause.Kind].Span);
                _findings.Add(new Place(context.Text,
                    clause.Span).Warning($"The clause {DisplayOf(clause.Kind)} is given twice; the first, at {first}, counts"));
            }
        }
    }

    /// <summary>Refuses what this version cannot run yet, by name.</summary>
    /// <exception cref="CommandException">The source is not built.</exception>
    public static void RefuseUnbuilt(LoadSpec spec)
    {
        var source = SourceRegistry.Find(spec.LoadKind);
        if (!source.IsBuilt)
        {
            var built = string.Join(", ", SourceRegistry.All.Where(other => other.IsBuilt).Select(other => other.Reads));
            throw new CommandException(new Diagnostic(DiagnosticSeverity.Error, spec.Text, spec.Span,
                $"{LoadKindNames.Words(spec.LoadKind)} is not built yet; this version loads {built}"));
        }
    }

    /// <summary>Binds a command. What is wrong goes to <paramref name="findings"/>; then the result is not to be used.</summary>
    /// <exception cref="SourceException">A file of EXECUTE or a folder cannot be read.</exception>
    internal static LoadSpec Bind(BinderContext context, CommandSyntax command, List<Diagnostic> findings)
    {
        var own = new List<Diagnostic>();
        try
        {
            var binder = new Binder(context, command, own);
            LoadSpec spec = command.Kind switch
            {
                LoadKinds.Archive => binder.Archive(),
                LoadKinds.MySql or LoadKinds.SqlServer or LoadKinds.Sqlite or LoadKinds.Postgres => binder.Database(),
                _ => binder.File(),
            };
            return spec with { Diagnostics = [.. own.Where(finding => finding.Severity != DiagnosticSeverity.Error)] };
        }
        finally
        {
            findings.AddRange(own.Where(finding => finding.Severity == DiagnosticSeverity.Error));
        }
    }

    private static string DisplayOf(ClauseKind kind) => ClauseDefinition.All.First(clause => clause.Kind == kind).Display;

    private T? Clause<T>(ClauseKind kind)
        where T : ClauseSyntax => (T?)_clauses.GetValueOrDefault(kind);

    private void Fail(TextSpan span, string message, string? hint = null) =>
        _findings.Add(new Place(_context.Text, span).Error(message, hint));

    private BoundOptions Options()
    {
        var options = new BoundOptions(_source, Clause<ClauseSyntax.With>(ClauseKind.With)?.Items ?? [], _findings);
        options.Add(_context.Text, Clause<ClauseSyntax.Into>(ClauseKind.Into)?.Uri.Options ?? []);
        return options;
    }

    private DatabaseUri? Target(bool isRequired = true)
    {
        var target = Clause<ClauseSyntax.Into>(ClauseKind.Into)?.Uri;
        if (target is null && isRequired)
        {
            Fail(_command.Words, $"{LoadKindNames.Words(_command.Kind)} has no INTO clause", "write INTO postgresql://user@host/database");
        }

        return target;
    }

    private LoadOptions CommonOptions(BoundOptions options)
    {
        var isFile = (_command.Kind & LoadKinds.Files) != 0;
        var limit = options["max errors"];
        return new LoadOptions
        {
            OnErrorStop = options.Word("on error") is { } word ? word == "stop" : !isFile,
            Workers = options.Count("workers"),
            Concurrency = options.Count("concurrency"),
            BatchRows = options.Count("batch rows"),
            BatchBytes = options.Number("batch size"),
            PrefetchRows = options.Count("prefetch rows"),
            MaxParallelCreateIndex = options.Count("max parallel create index"),
            Truncate = options.Flag("truncate"),
            DisableTriggers = options.Flag("disable triggers"),
            DropIndexes = options.Flag("drop indexes"),
            SingleTransaction = options.Flag("single transaction"),
            MaxErrors = limit is { Percent: null } ? limit.Number : null,
            MaxErrorsPercent = limit?.Percent,
            TargetOptions = options.OfTargets(),
            MaxRowBytes = options.Number("max row size") ?? new LoadOptions().MaxRowBytes,
            IdentifierCase = options.Word("identifiers") switch
            {
                "quote" => IdentifierCase.Quote,
                "snake_case" => IdentifierCase.SnakeCase,
                null when _command.Kind == LoadKinds.Postgres => IdentifierCase.Quote,
                _ => IdentifierCase.Downcase,
            },
        };
    }

    private ImmutableArray<Setting> Settings()
    {
        var settings = ImmutableArray.CreateBuilder<Setting>();
        foreach (var setting in Clause<ClauseSyntax.Set>(ClauseKind.Set)?.Items ?? [])
        {
            if (!setting.Name.Equals("client_encoding", StringComparison.OrdinalIgnoreCase))
            {
                settings.Add(new Setting(setting.Name, setting.Value));
            }
            else if (setting.Value.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() is not ("UTF8" or "UNICODE"))
            {
                _findings.Add(setting.Place.Warning("client_encoding stays utf8: rows are always sent so",
                    "the file's encoding is set by WITH ENCODING"));
            }
        }

        return settings.ToImmutable();
    }

    private ImmutableArray<Setting> SourceSettings()
    {
        var kind = _command.Kind == LoadKinds.MySql ? ClauseKind.SetMySql : ClauseKind.SetSqlServer;
        return [.. (Clause<ClauseSyntax.Set>(kind)?.Items ?? []).Select(setting => new Setting(setting.Name, setting.Value))];
    }

    private ImmutableArray<SqlPart> Sql(ClauseKind kind)
    {
        var parts = ImmutableArray.CreateBuilder<SqlPart>();
        foreach (var part in Clause<ClauseSyntax.Sql>(kind)?.Items ?? [])
        {
            if (part.IsFile)
            {
                parts.AddRange(SqlFile(part));
            }
            else if (SqlScript.WithoutTerminator(part.Text) is { Length: > 0 } sql)
            {
                var first = part.Place.Span.Start + (part.Text.Length - part.Text.TrimStart().Length);
                parts.Add(new SqlPart(sql, $"{part.Place.Source.Name}:{part.Place.Source.Position(first).Line}"));
            }
        }

        return parts.ToImmutable();
    }

    private ImmutableArray<SqlPart> SqlFile(SqlPartSyntax part)
    {
        var path = Path.GetFullPath(Path.Combine(_context.BaseDirectory, part.Text));
        var statements = SqlScript.ReadFile(path, _context.ReadFile, part.Place.ToString());
        if (!SqlScript.IsTerminated(_context.ReadFile(path)))
        {
            _findings.Add(KnownDifferences.Note(KnownDifferences.LastStatement, part.Place));
        }

        return statements;
    }

    private QualifiedName? WrittenTable(BoundOptions options, DatabaseUri? target)
    {
        var keepsCase = options.Word("identifiers") == "quote";
        if (Clause<ClauseSyntax.TargetTable>(ClauseKind.TargetTable) is { } clause)
        {
            return keepsCase ? clause.Written : clause.Name;
        }

        if (options["table name"] is { Text: { } text } option)
        {
            var scanner = new Scanner(new SourceText(option.Place.Source.Name, text));
            return scanner.TableName(fold: !keepsCase);
        }

        return keepsCase ? target?.TableAsWritten : target?.Table;
    }
}

using System.Collections.Immutable;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Plans;

/// <content>LOAD DATABASE.</content>
public sealed partial class Binder
{
    private DatabaseLoadSpec Database()
    {
        var options = Options();
        var materialize = Clause<ClauseSyntax.Materialize>(ClauseKind.Materialize);
        var source = _command.Source as SourceSyntax.Database;
        var http = _command.Source as SourceSyntax.Http;
        var ofServer = source?.Uri.Options.Where(parameter => _source.ServerOptions.Any(option => option.Parameter == parameter.Name)).ToArray() ?? [];
        options.Add(_context.Text, ofServer);
        if (source?.Uri.Options.Except(ofServer).FirstOrDefault() is { } misplaced)
        {
            Fail(misplaced.Span, $"The parameter {misplaced.Name} has no use in the address of a source", "it belongs to the address after INTO");
        }

        return new DatabaseLoadSpec
        {
            Text = _context.Text,
            Span = _command.Words,
            Kind = "DATABASE",
            LoadKind = _command.Kind,
            Source = source?.Uri ?? new DatabaseUri { Scheme = "sqlite", Span = _command.Source.Span },
            File = http is not null ? new FileLocation.Http(http.Address) { Span = http.Span }
                : source is { Uri: { Scheme: "sqlite", Database: { } file } }
                    ? new FileLocation.LocalFile(Absolute(file)) { Span = source.Span }
                : null,
            Target = Target(),
            Options = CommonOptions(options),
            Settings = Settings(),
            SourceSettings = SourceSettings(),
            BeforeLoad = Sql(ClauseKind.BeforeLoad),
            AfterCreateSchema = Sql(ClauseKind.AfterCreateSchema),
            AfterLoad = Sql(ClauseKind.AfterLoad),
            Schema = Schema(options),
            Casts = Casts(),
            Including = Clause<ClauseSyntax.Filter>(ClauseKind.Including)?.Items ?? [],
            Excluding = Clause<ClauseSyntax.Filter>(ClauseKind.Excluding)?.Items ?? [],
            Decoding = Clause<ClauseSyntax.Decoding>(ClauseKind.Decoding)?.Items ?? [],
            AlterTables = Clause<ClauseSyntax.AlterTable>(ClauseKind.AlterTable)?.Items ?? [],
            AlterSchema = Clause<ClauseSyntax.AlterSchema>(ClauseKind.AlterSchema)?.Rule,
            MaterializeAllViews = materialize?.All ?? false,
            Views = materialize?.Items ?? [],
            Distribution = Clause<ClauseSyntax.Distribute>(ClauseKind.Distribute)?.Items ?? [],
        };
    }

    // Guards and functions are made once here, so that a mistake in them is known before a server is.
    private ImmutableArray<CastRuleSpec> Casts()
    {
        var rules = Clause<ClauseSyntax.Cast>(ClauseKind.Cast)?.Items ?? [];
        foreach (var rule in rules)
        {
            try
            {
                _ = CastRules.Of(rule, rule.Text ?? _context.Text);
            }
            catch (CommandException e)
            {
                _findings.Add(e.Diagnostic);
            }
        }

        return rules;
    }

    private SchemaOptions Schema(BoundOptions options)
    {
        if (options.Flag("data only") && options.Flag("schema only"))
        {
            _findings.Add(options["schema only"]!.Place.Error("data only and schema only exclude each other")); // it is written
        }

        return new SchemaOptions
        {
            DataOnly = options.Flag("data only"),
            SchemaOnly = options.Flag("schema only"),
            IncludeDrop = options.Flag("include drop", true),
            CreateTables = options.Flag("create tables", true),
            CreateSchemas = options.Flag("create schemas", true),
            DropSchema = options.Flag("drop schema"),
            CreateIndexes = options.Flag("create indexes", true),
            PreserveIndexNames = options.Word("index names") is "preserve" || (options.Word("index names") is null && _command.Kind == LoadKinds.Postgres),
            ResetSequences = options.Flag("reset sequences", true),
            ForeignKeys = options.Flag("foreign keys", true),
            ExactTypes = options.Flag("exact types"),
            MultipleReaders = options.Word("readers") == "multiple",
            RowsPerRange = options.Count("rows per range") ?? new SchemaOptions().RowsPerRange,
            EncodingName = (_command.Kind & LoadKinds.Databases) != 0 ? Encoding(options) : null,
        };
    }
}

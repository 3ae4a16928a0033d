using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>Gives a plan the statements that make a PostgreSQL source's schema exactly, on a target that has all of it.</summary>
public sealed partial class ExactSchema
{
    private const int DroppedTogether = 100;

    private readonly DatabasePlan _plan;
    private readonly DatabaseCatalog _catalog;
    private readonly ExactNames _names;
    private readonly int _version;
    private readonly List<UncarriedObject> _uncarried = [];
    private readonly List<string> _notices = [];
    private readonly List<string> _finish = [];
    private readonly List<string> _attach = [];

    private readonly IReadOnlySet<string> _tablespaces;

    private ExactSchema(DatabasePlan plan, DatabaseCatalog catalog, int version, IReadOnlySet<string> tablespaces)
    {
        _tablespaces = tablespaces;
        _plan = plan;
        _catalog = catalog;
        _names = new ExactNames(plan, catalog);
        _version = version;
    }

    /// <param name="plan">With the names of tables and columns, and the casts.</param>
    /// <param name="version">The target's server_version_num.</param>
    /// <param name="tablespaces">Those of the target that tables may be put into.</param>
    public static DatabasePlan Apply(DatabasePlan plan, int version, IReadOnlySet<string> tablespaces) =>
        plan.Exact is { } catalog ? new ExactSchema(plan, catalog, version, tablespaces).Apply() : plan;

    private DatabasePlan Apply()
    {
        var tables = _plan.Tables.Select(Table).ToImmutableArray();
        var objects = Objects().ToArray();
        Comments();
        Tablespaces();
        QualifiedName[] made = [.. _catalog.Types.Select(type => _names[type.Name]), .. _catalog.Sequences.Where(sequence => !sequence.IsIdentity).Select(sequence => _names[sequence.Name])];
        var schemas = made.Select(item => item.Schema).OfType<string>().Where(schema => schema != "pg_catalog").Distinct(StringComparer.Ordinal).ToArray();
        ImmutableArray<string> dropped = _plan.DropSchemas is null ? [] : [.. _plan.DroppedSchemas.Union(schemas, StringComparer.Ordinal)];
        return _plan with
        {
            Tables = tables,
            Exact = null,
            Objects = objects.Length == 0 ? null : SqlStep.Of("Create Types", objects),
            MadeObjects = [.. made],
            Extensions = _catalog.Extensions,
            ObjectSchemas = [.. schemas.Union(_catalog.Extensions.Select(extension => extension.Schema).Where(schema => schema != "pg_catalog"), StringComparer.Ordinal)],
            DropSchemas = dropped.IsEmpty ? null : SqlStep.Of("Drop Schemas", dropped.Select(SqlDialect.Postgres.DropSchema)),
            DroppedSchemas = dropped,
            SchemaComments = [.. _catalog.SchemaComments.Select(comment => comment with { Name = _names.Schema(comment.Name) })
                .Where(comment => schemas.Contains(comment.Name) || tables.Any(table => table.Target.Schema == comment.Name))],
            AttachIndexes = _attach.Count == 0 ? null : SqlStep.Of("Attach Indexes", _attach),
            Finish = _finish.Count == 0 ? null : SqlStep.Of("Install Comments", _finish),
            Uncarried = [.. _plan.Uncarried, .. _uncarried],
            Notices = [.. _plan.Notices, .. _notices],
            IndexBuilders = _plan.IsSingleTransaction ? 1 : Math.Max(1, _plan.Spec.Options.MaxParallelCreateIndex ?? _plan.Workers),
        };
    }

    // In an order in which nothing that is dropped is needed, and all that is made finds what it needs.
    private IEnumerable<string> Objects()
    {
        var sequences = _catalog.Sequences.Where(sequence => !sequence.IsIdentity).ToArray();
        if (_plan.Spec.Schema.IncludeDrop && _plan.DropSchemas is null)
        {
            foreach (var some in _plan.Tables.Select(table => table.Target).Chunk(DroppedTogether))
            {
                yield return ExactDialect.DropTables(some);
            }

            foreach (var sequence in sequences)
            {
                yield return ExactDialect.Drop("SEQUENCE", _names[sequence.Name]);
            }

            foreach (var type in _catalog.Types.Reverse())
            {
                yield return ExactDialect.Drop("TYPE", _names[type.Name]);
            }
        }

        foreach (var extension in _catalog.Extensions)
        {
            yield return ExactDialect.CreateExtension(extension);
        }

        foreach (var type in _catalog.Types)
        {
            yield return ExactDialect.CreateType(
                _names[type.Name], type.Kind, _names.Write(type.Definition),
                type.Checks.Where(check => check.IsValidated).Select(check => $"CONSTRAINT {Identifier.Quote(check.Name)} {_names.Write(check.Definition)}"));
        }

        foreach (var sequence in sequences)
        {
            yield return ExactDialect.CreateSequence(_names[sequence.Name], sequence);
        }
    }

    private void Tablespaces()
    {
        var indexes = _catalog.Tables.SelectMany(table => table.Definition?.Indexes ?? []).Where(index => index.Tablespace is not null).ToArray();
        if (indexes.Length > 0)
        {
            _notices.Add($"indexes are made in the target's own tablespace, whatever they were in: {string.Join(", ", indexes.Take(5).Select(index => $"{Identifier.Display(index.Name)} ({Identifier.Display(index.Tablespace!)})"))}"
                + (indexes.Length > 5 ? ", …" : "")); // filtered
        }
    }

    private void Comments()
    {
        foreach (var type in _catalog.Types)
        {
            Comment(type.Kind == TypeKind.Domain ? "DOMAIN" : "TYPE", Identifier.Quote(_names[type.Name]), type.Comment);
            foreach (var check in type.Checks.Where(check => !check.IsValidated))
            {
                _finish.Add($"ALTER DOMAIN {Identifier.Quote(_names[type.Name])} ADD CONSTRAINT {Identifier.Quote(check.Name)} {_names.Write(check.Definition)} NOT VALID");
            }
        }

        foreach (var sequence in _catalog.Sequences)
        {
            Comment("SEQUENCE", Identifier.Quote(_names[sequence.Name]), sequence.Comment);
            if (sequence is { OwnerTable: null, LastValue: { } last } && _plan.Spec.Schema.ResetSequences)
            {
                _finish.Add(ExactDialect.SetSequence(_names[sequence.Name], last, sequence.IsCalled));
            }
        }
    }

    private void Comment(string kind, string name, string? comment)
    {
        if (comment is not null)
        {
            _finish.Add(ExactDialect.Comment(kind, name, comment));
        }
    }
}

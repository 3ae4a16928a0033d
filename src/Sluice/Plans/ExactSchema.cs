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

    private ExactSchema(DatabasePlan plan, DatabaseCatalog catalog, int version)
    {
        _plan = plan;
        _catalog = catalog;
        _names = new ExactNames(plan, catalog);
        _version = version;
    }

    /// <param name="plan">With the names of tables and columns, and the casts.</param>
    /// <param name="version">The target's server_version_num.</param>
    public static DatabasePlan Apply(DatabasePlan plan, int version) => plan.Exact is { } catalog ? new ExactSchema(plan, catalog, version).Apply() : plan;

    private DatabasePlan Apply()
    {
        var tables = _plan.Tables.Select(Table).ToImmutableArray();
        var objects = Objects().ToArray();
        Comments();
        return _plan with
        {
            Tables = tables,
            Exact = null,
            Objects = objects.Length == 0 ? null : SqlStep.Of("Create Types", objects),
            ObjectSchemas = [.. _catalog.Types.Select(type => _names[type.Name].Schema).Concat(_catalog.Sequences.Where(sequence => !sequence.IsIdentity)
                .Select(sequence => _names[sequence.Name].Schema)).Concat(_catalog.Extensions.Select(extension => extension.Schema)).OfType<string>()
                .Where(schema => schema != "pg_catalog").Distinct(StringComparer.Ordinal)],
            AttachIndexes = _attach.Count == 0 ? null : SqlStep.Of("Attach Indexes", _attach),
            Finish = _finish.Count == 0 ? null : SqlStep.Of("Install Comments", _finish),
            Uncarried = [.. _plan.Uncarried, .. _uncarried],
            Notices = [.. _plan.Notices, .. _notices],
            IndexBuilders = Math.Max(1, _plan.Spec.Options.MaxParallelCreateIndex ?? _plan.Workers),
        };
    }

    // In an order in which nothing that is dropped is needed, and all that is made finds what it needs.
    private IEnumerable<string> Objects()
    {
        var sequences = _catalog.Sequences.Where(sequence => !sequence.IsIdentity).ToArray();
        if (_plan.Spec.Schema.IncludeDrop)
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

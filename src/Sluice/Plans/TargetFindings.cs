using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>Adds to the plan of tables that are created what the target said: what is missing, and what would be dropped.</summary>
internal sealed class TargetFindings
{
    private readonly DatabasePlan _plan;
    private readonly TargetSurvey _survey;
    private readonly string _role;
    private readonly string _database;
    private readonly List<string> _missing = [];
    private readonly List<string> _notices = [];

    private TargetFindings(DatabasePlan plan, TargetSurvey survey, string role, string database)
    {
        _plan = plan;
        _survey = survey;
        _role = role;
        _database = database;
    }

    /// <summary>What to ask the target for a plan.</summary>
    public static SurveyRequest Request(DatabasePlan plan) => new()
    {
        Schemas = [.. plan.Schemas],
        Tables = [.. plan.Tables.Select(table => table.Target)],
        Types = [.. plan.Tables.SelectMany(table => table.Columns).Where(column => !column.HasOwnType && !IsMade(plan, column)).Select(column => TypeFit.Base(column.Target.Type)).Distinct(StringComparer.Ordinal)],
        Extensions = [.. plan.Extensions.Select(extension => extension.Name)],
        DroppedSchemas = plan.DroppedSchemas,
        DroppedObjects = plan.Spec.Schema.IncludeDrop && plan.DropSchemas is null ? plan.MadeObjects : [],
    };

    // Types of the source come along; only a rule of the user's names one that has to be there.
    private static bool IsMade(DatabasePlan plan, ColumnPlan column) =>
        column.Source.Definition is not null && (column.Cast.Rule?.ToType is not { } type || plan.MadeObjects.Any(made => type == made.Name || type == made.ToString()));

    public static DatabasePlan Apply(DatabasePlan plan, TargetSurvey survey, string role, string database) =>
        survey.IsKnown ? new TargetFindings(plan, survey, role, database).Apply() : plan;

    /// <exception cref="TargetException">Something is missing.</exception>
    public static void EnsureReady(DatabasePlan plan)
    {
        if (plan.Missing.Length > 0)
        {
            throw new TargetException($"The target is not ready: {string.Join("; ", plan.Missing)}", "nothing was created");
        }
    }

    private DatabasePlan Apply()
    {
        CheckSchemas();
        CheckTables();
        _missing.AddRange(_survey.UnknownTypes.Select(Unknown));
        _missing.AddRange(_plan.Extensions.Select(Missing).OfType<string>());
        var drops = _plan.Spec.Schema.IncludeDrop || _plan.DropSchemas is not null
            ? _survey.Doomed.Select(doomed => new DroppedObject(doomed.Kind, doomed.Name, doomed.Rows, doomed.IsDependent)).ToArray() : [];
        var dependents = drops.Where(item => item.IsDependent).ToArray();
        if (dependents.Length > 0)
        {
            const int Named = 10;
            _notices.Add($"Dropped along with what they depend on: {string.Join(", ", dependents.Take(Named).Select(item => $"{item.Kind} {item.Name}"))}"
                + $"{(dependents.Length > Named ? FormattableString.Invariant($" and {dependents.Length - Named} more; the plan (--dry-run) lists them") : "")}");
        }

        return _plan with
        {
            Drops = [.. drops],
            Missing = [.. _missing],
            Finish = WithSchemaComments(),
            Notices = [.. _plan.Notices, .. _notices],
        };
    }

    // Of schemas that are made here, or whose owner the role is.
    private SqlStep? WithSchemaComments()
    {
        var own = _plan.SchemaComments.ToLookup(comment =>
            !IsThere(comment.Name) || _survey.Schemas.First(schema => schema.Name == comment.Name).IsOwner);
        _notices.AddRange(own[false].Select(comment => $"the comment of schema {Identifier.Display(comment.Name)} is left out: role {Identifier.Display(_role)} does not own the schema"));
        var statements = own[true].Select(comment => new SqlStatement(ExactDialect.Comment("SCHEMA", Identifier.Quote(comment.Name), comment.Text), null)).ToArray();
        return statements.Length == 0 ? _plan.Finish
            : _plan.Finish is { } finish ? finish with { Statements = [.. statements, .. finish.Statements] }
            : new SqlStep { Title = "Install Comments", Statements = [.. statements] };
    }

    private bool IsThere(string schema) => _survey.Schemas.Any(found => found.Name == schema) && !_plan.DroppedSchemas.Contains(schema);

    private string? Missing(ExtensionModel extension)
    {
        var name = Identifier.Display(extension.Name);
        var found = _survey.Extensions.FirstOrDefault(other => other.Name == extension.Name);
        return found switch
        {
            { Schema: { } schema } when schema != extension.Schema && !_plan.DroppedSchemas.Contains(schema) =>
                $"extension {name} is in schema {Identifier.Display(schema)}, and in {Identifier.Display(extension.Schema)} in the source: "
                + $"ALTER EXTENSION {Identifier.Quote(extension.Name)} SET SCHEMA {Identifier.Quote(extension.Schema)}",
            null or { Schema: null, IsAvailable: false } => $"extension {name}, which types or indexes come from, is not installed on the server",
            _ => null,
        };
    }

    private void CheckSchemas()
    {
        foreach (var name in _plan.Schemas)
        {
            var shown = Identifier.Display(name);
            var found = _survey.Schemas.FirstOrDefault(schema => schema.Name == name);
            var isDropped = _plan.DroppedSchemas.Contains(name);
            var isMade = found is null || isDropped;
            if (found is null && !_plan.Spec.Schema.CreateSchemas)
            {
                _missing.Add($"schema {shown} does not exist, and create no schemas is given");
            }
            else if (isMade && !_survey.MayCreateSchemas)
            {
                _missing.Add($"role {Identifier.Display(_role)} may not create schema {shown}: GRANT CREATE ON DATABASE {Identifier.Quote(_database)} TO {Identifier.Quote(_role)}");
            }

            if (found is { IsOwner: false } && isDropped)
            {
                _missing.Add($"role {Identifier.Display(_role)} does not own schema {shown} and cannot drop it");
            }
            else if (found is not null && !isMade && !_plan.ExtensionSchemas.Contains(name) && !(found is { MayCreate: true, MayUse: true }))
            {
                var rights = string.Join(", ", new[] { found.MayUse ? null : "USAGE", found.MayCreate ? null : "CREATE" }.OfType<string>());
                _missing.Add($"role {Identifier.Display(_role)} may not create tables in schema {shown}: GRANT {rights} ON SCHEMA {Identifier.Quote(name)} TO {Identifier.Quote(_role)}");
            }
        }
    }

    private void CheckTables()
    {
        foreach (var relation in _survey.Relations.Where(relation => !_plan.DroppedSchemas.Contains(relation.Name.Schema ?? "")))
        {
            if (!_plan.Spec.Schema.IncludeDrop)
            {
                _notices.Add($"{relation.Name} is there already (a {relation.Kind}) and stays as it is: the table is not created, its rows are not loaded");
            }
            else if (relation.Kind is not "table")
            {
                _missing.Add($"{relation.Name} is a {relation.Kind}, which include drop leaves in place: drop it, or leave the table out");
            }
            else if (!relation.IsOwner)
            {
                _missing.Add($"role {Identifier.Display(_role)} does not own table {relation.Name} and cannot drop it");
            }
        }
    }

    private static string Unknown(UnknownType type) => $"type {Printable.Escape(type.Name)} is unknown: " + type switch
    {
        { Schema: { } schema } => $"extension {type.Extension} has it in schema {Identifier.Display(schema)}; add SET search_path to 'public, {schema}'",
        { Extension: { } extension, IsAvailable: true } => $"add BEFORE LOAD DO $$ CREATE EXTENSION {Identifier.Quote(extension)} $$",
        { Extension: { } extension } => $"it comes with extension {extension}, which is not installed on the server",
        _ => "create it in BEFORE LOAD, or CAST to another type",
    };
}

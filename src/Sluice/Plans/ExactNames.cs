using Sluice.Catalog;
using Sluice.Commands;

namespace Sluice.Plans;

/// <summary>What the objects of a source are called in the target, and SQL of the source with those names.</summary>
internal sealed class ExactNames
{
    private readonly DatabaseLoadSpec _spec;
    private readonly Dictionary<QualifiedName, QualifiedName> _objects = [];
    private readonly Dictionary<QualifiedName, QualifiedName> _tables;

    public ExactNames(DatabasePlan plan, DatabaseCatalog catalog)
    {
        _spec = plan.Spec;
        _tables = plan.Tables.ToDictionary(table => table.Source.Name, table => table.Target);
        foreach (var table in plan.Tables)
        {
            _objects[table.Source.Name] = table.Target;
            foreach (var statistics in table.Source.Definition?.Statistics ?? [])
            {
                _objects[statistics.Name] = Beside(table.Source.Name, statistics.Name);
            }
        }

        foreach (var type in catalog.Types)
        {
            _objects.TryAdd(type.Name, Own(type.Name));
            if (type.Multirange is { } multirange)
            {
                _objects.TryAdd(multirange, Own(multirange));
            }
        }

        foreach (var sequence in catalog.Sequences.Concat(catalog.Tables.SelectMany(table => table.Columns).Select(column => column.Definition?.Identity).OfType<SequenceModel>()))
        {
            _objects[sequence.Name] = sequence.OwnerTable is { } owner ? Beside(owner, sequence.Name) : Own(sequence.Name);
        }
    }

    /// <summary>What is not copied, of extensions above all, keeps its name.</summary>
    public QualifiedName this[QualifiedName name] => name.Schema is null ? name with { Name = Fold(name.Name) } : _objects.GetValueOrDefault(name, name);

    public string Schema(string name) => _spec.AlterSchema is { } alter && alter.From == name ? alter.To : name;

    public string Fold(string name) => TargetNames.Fold(name, _spec.Options.IdentifierCase);

    /// <summary>An index is in the schema of its table; one of a constraint has the constraint's name.</summary>
    public string Index(TablePlan table, string name) =>
        _spec.Schema.PreserveIndexNames || table.Source.Definition?.Indexes.Any(index => index.Name == name && index.Constraint is not null) == true
            ? Fold(name)
            : $"idx_{table.Target.Name}_{Fold(name)}";

    /// <summary>The text as it is, unless something in it has another name in the target.</summary>
    /// <param name="sql">Of the source.</param>
    /// <param name="table">The table whose columns stand in it.</param>
    public string Write(SourceSql sql, TablePlan? table = null)
    {
        var pieces = sql.Pieces ?? [];
        return pieces.Any(IsChanged) ? string.Concat(pieces.Select(Write)) : sql.Text;

        bool IsChanged(SqlPiece piece) => piece.IsColumn ? Column(piece.Text) != piece.Text
            : piece.Object is { } name && (name.Schema is null ? table is not null && Index(table, name.Name) != name.Name : this[name] != name);

        string Write(SqlPiece piece) => piece switch
        {
            { IsColumn: true } => Identifier.Quote(Column(piece.Text)),
            { Object: null } => piece.Text,
            { Object: { Schema: null, Name: var index } } => Identifier.Quote(table is null ? index : Index(table, index)),
            { IsLiteral: true, Object: { } name } => Identifier.Literal(Identifier.Quote(this[name])),
            { Object: { } name } => Identifier.Quote(this[name]),
        };

        string Column(string name) => table?.Columns.FirstOrDefault(column => column.Source.Name == name)?.Name ?? name;
    }

    // What stands beside a table goes with it.
    private QualifiedName Beside(QualifiedName table, QualifiedName name) =>
        table.Schema == name.Schema && _tables.TryGetValue(table, out var target) ? new QualifiedName(target.Schema, Fold(name.Name)) : Own(name);

    private QualifiedName Own(QualifiedName name) => new(_spec.AlterSchema is { } alter && alter.From == name.Schema ? alter.To : name.Schema, Fold(name.Name));
}

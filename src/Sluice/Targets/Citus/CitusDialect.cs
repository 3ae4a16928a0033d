using Sluice.Catalog;

namespace Sluice.Targets.Citus;

/// <summary>
/// PostgreSQL with the extension Citus: tables are spread over the cluster once they are there and before they hold rows.
/// https://docs.citusdata.com/en/stable/develop/api_udf.html
/// </summary>
internal sealed class CitusDialect : SqlDialect
{
    public static SqlDialect Instance { get; } = new CitusDialect();

    public override string? Distribute(QualifiedName table, TableDistribution distribution)
    {
        var name = Identifier.Literal(Identifier.Quote(table));
        return distribution.Column is { } column
            ? $"SELECT create_distributed_table({name}, {Identifier.Literal(column)})"
            : $"SELECT create_reference_table({name})";
    }
}

using System.Collections.Immutable;
using Npgsql;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Sources.Postgres;

/// <content>Types, sequences and views.</content>
internal sealed partial class PostgresCatalogReader
{
    private const int StatesTogether = 200;

    /// <param name="used">The types that columns are of; null: all types are wanted.</param>
    private async Task<List<(long Oid, TypeModel Model)>> TypesAsync(HashSet<long>? used)
    {
        var types = (await QueryAsync("source_types.sql", Type).ConfigureAwait(false)).ToDictionary(type => type.Oid);
        var made = new List<(long, TypeModel)>();
        var seen = new HashSet<long>();
        foreach (var type in types.Values.Where(type => used is null || used.Contains(type.Oid)))
        {
            Add(type);
        }

        return made;

        // What a type is made of comes before it.
        void Add(TypeRow type)
        {
            if (!seen.Add(type.Oid))
            {
                return;
            }

            foreach (var need in type.Needs)
            {
                if (types.TryGetValue(need, out var other))
                {
                    Add(other);
                }
            }

            if (type.Canonical is { } function)
            {
                _uncarried.Add(new UncarriedObject("type", type.Model.Name.ToString(), $"it needs the function {function}, which is not copied"));
            }
            else if (IsCarried(type.Oid, "type", type.Model.Name.ToString()))
            {
                made.Add((type.Oid, type.Model));
            }
        }
    }

    private static TypeRow Type(NpgsqlDataReader row)
    {
        var kind = row.Text("kind") switch { "e" => TypeKind.Enum, "d" => TypeKind.Domain, "r" => TypeKind.Range, _ => TypeKind.Composite };
        var collation = row.IsNull("collation_name") || row.Value<bool>("is_own_collation")
            ? null
            : Identifier.Quote(new QualifiedName(row.Text("collation_schema"), row.Text("collation_name")));
        var definition = kind switch
        {
            TypeKind.Enum => $"AS ENUM ({string.Join(", ", row.Texts("labels").Select(Literal))})",
            TypeKind.Domain => $"AS {row.Text("base_type")}{(collation is null ? "" : $" COLLATE {collation}")}"
                + (row.TextOrNull("default_sql") is { } value ? $" DEFAULT {value}" : "") + (row.Value<bool>("not_null") ? " NOT NULL" : ""),
            TypeKind.Range => $"AS RANGE (subtype = {row.Text("subtype")}"
                + (row.IsNull("opclass_name") ? "" : $", subtype_opclass = {Identifier.Quote(new QualifiedName(row.Text("opclass_schema"), row.Text("opclass_name")))}")
                + (collation is null ? "" : $", collation = {collation}")
                + (row.TextOrNull("subtype_diff") is { } diff ? $", subtype_diff = {diff}" : "")
                + (row.TextOrNull("multirange") is { } multirange ? $", multirange_type_name = {Identifier.Quote(new QualifiedName(row.Text("schema"), multirange))}" : "") + ")",
            _ => $"AS ({string.Join(", ", row.Texts("attributes").Zip(row.Texts("attribute_types"), (name, type) => $"{Identifier.Quote(name)} {type}"))})",
        };
        return new TypeRow(
            row.Value<long>("oid"),
            [.. row.Value<long[]>("needs")],
            row.TextOrNull("canonical"),
            new TypeModel
            {
                Name = new QualifiedName(row.Text("schema"), row.Text("name")),
                Kind = kind,
                Multirange = row.TextOrNull("multirange") is { } several ? new QualifiedName(row.Text("schema"), several) : null,
                Definition = kind == TypeKind.Enum ? SqlPieces.Text(definition) : SqlPieces.Read(definition, NoColumns),
                Checks = [.. row.Texts("check_names").Zip(row.Texts("checks"), (name, check) => new CheckModel(
                    name, SqlPieces.Read(WithoutNotValid(check), NoColumns), !check.EndsWith(" NOT VALID", StringComparison.Ordinal), null))],
                Comment = row.TextOrNull("comment"),
            });
    }

    // Backslashes are what they are with standard_conforming_strings.
    private static string Literal(string value) => Identifier.Literal(value);

    private static SequenceRow Sequence(NpgsqlDataReader row) => new(
        row.Value<long>("oid"),
        row.IsNull("owner_oid") ? 0 : row.Value<long>("owner_oid"),
        row.Value<bool>("may_select"),
        new SequenceModel
        {
            Name = new QualifiedName(row.Text("schema"), row.Text("name")),
            TypeName = row.Text("type"),
            Start = row.Value<long>("start"),
            Increment = row.Value<long>("increment"),
            Minimum = row.Value<long>("minimum"),
            Maximum = row.Value<long>("maximum"),
            Cache = row.Value<long>("cache"),
            IsCycle = row.Value<bool>("is_cycle"),
            IsUnlogged = row.Value<bool>("is_unlogged"),
            OwnerTable = row.IsNull("owner_table") ? null : new QualifiedName(row.Text("owner_schema"), row.Text("owner_table")),
            OwnerColumn = row.TextOrNull("owner_column"),
            IsIdentity = row.Value<bool>("is_identity"),
            Comment = row.TextOrNull("comment"),
        });

    // Sequences move outside of snapshots: read last, they are never behind the rows.
    private async Task<IEnumerable<SequenceModel>> StatesAsync(SequenceRow[] sequences)
    {
        var states = new Dictionary<long, (long Last, bool IsCalled)>();
        foreach (var some in sequences.Where(sequence => sequence.MaySelect).Chunk(StatesTogether))
        {
            var sql = string.Join(" UNION ALL ", some.Select(sequence =>
                FormattableString.Invariant($"SELECT {sequence.Oid}::bigint, last_value, is_called FROM {Identifier.Quote(sequence.Model.Name)}")));
            using var command = new NpgsqlCommand(sql, connection);
            var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            await using var closing = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                states[reader.GetInt64(0)] = (reader.GetInt64(1), reader.GetBoolean(2));
            }
        }

        foreach (var sequence in sequences.Where(sequence => !sequence.MaySelect))
        {
            _notices.Add($"the role may not read sequence {sequence.Model.Name}: "
                + (sequence.Model.OwnerColumn is null ? "it starts anew" : "it is set to follow the largest value of its column"));
        }

        return sequences.Select(sequence => states.TryGetValue(sequence.Oid, out var state)
            ? sequence.Model with { LastValue = state.Last, IsCalled = state.IsCalled }
            : sequence.Model);
    }

    private async Task<ImmutableArray<TableModel>> ViewsAsync()
    {
        if (!spec.MaterializeAllViews && spec.Views.IsEmpty)
        {
            return [];
        }

        var oids = Oids(await QueryAsync("source_views.sql", row => row.Value<long>("oid")).ConfigureAwait(false));
        var columns = (await QueryAsync("source_columns.sql", Column, oids).ConfigureAwait(false)).ToLookup(column => column.TableOid);
        return [.. (await QueryAsync("source_tables.sql", row => TableOf(row, columns), oids).ConfigureAwait(false)).Select(row => new TableModel
        {
            Name = row.Name,
            IsView = true,
            EstimatedRows = row.EstimatedRows,
            Columns = [.. columns[row.Oid].Select(column => Column(row.Name, column, NoColumns))],
            Definition = new TableDefinition { Comment = row.Definition.Comment },
        })];
    }

    private sealed record TypeRow(long Oid, ImmutableArray<long> Needs, string? Canonical, TypeModel Model);

    private sealed record SequenceRow(long Oid, long OwnerOid, bool MaySelect, SequenceModel Model);
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RedshiftLocal.Sql;

/// <summary>What the backing server's catalogs cannot hold, told to rs_internal.ddl.</summary>
internal static class DdlJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The call to run after the statement.</summary>
    public static string Call(JsonObject definition) =>
        $"select rs_internal.ddl({Identifiers.Literal(definition.ToJsonString(Options))}::text)";

    public static JsonObject Action(string action, QualifiedName table) => new()
    {
        ["action"] = action,
        ["schema"] = table.Schema,
        ["table"] = table.Name,
    };

    public static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => JsonValue.Create(name))]);

    public static void Add(JsonObject definition, TableAttributes attributes)
    {
        definition["backup"] = attributes.Backup;
        definition["diststyle"] = attributes.EffectiveDistStyle;
        definition["distkey"] = attributes.DistKey;
        definition["sortstyle"] = attributes.SortStyle;
        definition["sortkey"] = Names(attributes.SortKey);
    }

    public static JsonObject Column(ColumnDefinition column) => new()
    {
        ["name"] = column.Name,
        ["type"] = column.Type.Name,
        ["encode"] = column.Encoding,
        ["identity"] = column.Identity is { } identity
            ? new JsonObject { ["always"] = identity.Always, ["seed"] = identity.Seed, ["step"] = identity.Step }
            : null,
        ["collate"] = column.Collation,
    };

    public static JsonObject Constraint(KeyConstraint key) => new()
    {
        ["name"] = key.Name,
        ["kind"] = key.Kind,
        ["columns"] = Names(key.Columns),
        ["ref_schema"] = key.Referenced?.Schema,
        ["ref_table"] = key.Referenced?.Name,
        ["ref_columns"] = Names(key.ReferencedColumns),
    };
}

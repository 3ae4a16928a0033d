using System.Globalization;

namespace RedshiftLocal.Sql;

/// <summary>SHOW DATABASES, SCHEMAS, TABLES and COLUMNS: queries of the catalog. See the guide's pages of these names.</summary>
internal sealed class ShowStatements(TokenReader reader)
{
    private const int MaxRows = 10_000;

    /// <summary>The query, or null if SHOW is of a setting. Read from the word after SHOW.</summary>
    public Forwarded? Translate()
    {
        if (reader.Accept("databases"))
        {
            return Query(
                "database_name, database_owner, database_type, database_acl, database_options AS parameters, database_isolation_level",
                "svv_redshift_databases",
                "database_name",
                []);
        }

        if (reader.Accept("schemas"))
        {
            reader.Expect("from");
            reader.Expect("database");
            return Query(
                "database_name, schema_name, schema_owner, schema_type, schema_acl, source_database, schema_option",
                "svv_all_schemas",
                "schema_name",
                [("database_name", reader.Name())]);
        }

        if (reader.Accept("tables"))
        {
            reader.Expect("from");
            reader.Expect("schema");
            return Query(
                "database_name, schema_name, table_name, table_type, table_acl, remarks",
                "svv_all_tables",
                "table_name",
                Path("schema_name"));
        }

        if (reader.Accept("columns"))
        {
            reader.Expect("from");
            reader.Expect("table");
            return Query(
                "database_name, schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, "
                    + "character_maximum_length, numeric_precision, numeric_scale, remarks",
                "svv_all_columns",
                "column_name",
                Path("schema_name", "table_name"),
                "ordinal_position");
        }

        return reader.IsAnyWord("table", "view", "external", "constraints", "grants", "procedure", "model", "datashares", "identity", "parameters", "policies")
            ? throw Refusals.NotCovered($"SHOW {reader.Peek().Value.ToUpperInvariant()}")
            : null;
    }

    /// <summary>[database.]schema[.table]</summary>
    private List<(string Column, string Value)> Path(params ReadOnlySpan<string> columns)
    {
        var names = new List<string> { reader.Name() };
        while (reader.AcceptSymbol("."))
        {
            names.Add(reader.AnyName());
        }

        if (names.Count == columns.Length)
        {
            names.Insert(0, reader.Facts.Database);
        }

        if (names.Count != columns.Length + 1)
        {
            throw reader.Unexpected();
        }

        var path = new List<(string, string)> { ("database_name", names[0]) };
        for (var i = 0; i < columns.Length; i++)
        {
            path.Add((columns[i], names[i + 1]));
        }

        return path;
    }

    /// <summary>The query, with [LIKE 'pattern'] [LIMIT n] still to be read.</summary>
    private Forwarded Query(string columns, string view, string filtered, List<(string Column, string Value)> where, string? order = null)
    {
        var conditions = where.ConvertAll(condition => $"{condition.Column} = {Identifiers.Literal(condition.Value)}");
        if (reader.Accept("like"))
        {
            conditions.Add($"{filtered} LIKE {Identifiers.Literal(reader.Text())}");
        }

        var limit = reader.Accept("limit") ? reader.Integer() : MaxRows;
        reader.ExpectEnd();
        if (limit is < 0 or > MaxRows)
        {
            throw new Protocol.ServerException("22023", $"LIMIT of SHOW must be between 0 and {MaxRows}");
        }

        var filter = conditions.Count == 0 ? string.Empty : $" WHERE {string.Join(" AND ", conditions)}";
        return new Forwarded(string.Create(
            CultureInfo.InvariantCulture, $"SELECT {columns} FROM rs_catalog.{view}{filter} ORDER BY {order ?? filtered} LIMIT {limit}"))
        {
            Tag = "SHOW",
        };
    }
}

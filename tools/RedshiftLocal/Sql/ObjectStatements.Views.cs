namespace RedshiftLocal.Sql;

// CREATE VIEW.
internal sealed partial class ObjectStatements
{
    private Forwarded View(bool replace)
    {
        var name = reader.Relation();
        var columns = reader.IsSymbol("(") ? $" ({string.Join(", ", reader.NameList().Select(Identifiers.Quote))})" : string.Empty;
        reader.Expect("as");
        var first = reader.Position;
        var walker = new QueryWalker(reader, rewrite);
        walker.Query();
        var end = reader.Position;
        var isLate = reader.Accept("with", "no", "schema", "binding");
        reader.ExpectEnd();
        walker.Findings.Check();
        if (walker.Into is not null)
        {
            throw Refusals.Syntax("INTO");
        }

        if (isLate && !walker.IsQualified)
        {
            throw Refusals.Unsupported("All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.");
        }

        var definition = DdlJson.Action("keep_view", name);
        definition["late"] = isLate ? reader.Statement.Text : null;
        return new Forwarded($"CREATE {(replace ? "OR REPLACE " : string.Empty)}VIEW {name.Quoted}{columns} AS {rewrite.Render(first, end)}")
        {
            After = [DdlJson.Call(definition)],
            Tag = "CREATE VIEW",
        };
    }
}

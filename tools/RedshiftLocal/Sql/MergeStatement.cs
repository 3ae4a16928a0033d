namespace RedshiftLocal.Sql;

/// <summary>
/// MERGE INTO target USING source [alias] ON condition WHEN MATCHED THEN … WHEN NOT MATCHED THEN INSERT …: both branches, without
/// conditions of their own. See the guide's page "MERGE".
/// </summary>
internal sealed class MergeStatement(TokenReader reader, Rewrite rewrite)
{
    private readonly QueryWalker _walker = new(reader, rewrite);

    public Forwarded Translate()
    {
        reader.Expect("merge");
        reader.Expect("into");
        var at = reader.Position;
        var target = reader.Relation();
        rewrite.ReplaceRange(at, reader.Position, target.Quoted);
        _walker.Findings.Target();
        reader.Expect("using");
        if (reader.IsSymbol("("))
        {
            throw reader.Unexpected();
        }

        _walker.FromItem();
        reader.Expect("on");
        _walker.Expression();
        if (reader.IsWord("remove"))
        {
            throw Refusals.NotCovered("MERGE ... REMOVE DUPLICATES");
        }

        Matched();
        NotMatched();
        reader.ExpectEnd();
        _walker.Findings.Check();
        return new Forwarded(rewrite.Render()) { Tag = "MERGE", QueryKind = "MERGE" };
    }

    private void Matched()
    {
        reader.Expect("when");
        reader.Expect("matched");
        reader.Expect("then");
        if (reader.Accept("delete"))
        {
            return;
        }

        reader.Expect("update");
        reader.Expect("set");
        do
        {
            reader.Name();
            reader.ExpectSymbol("=");
            _walker.Expression();
        }
        while (reader.AcceptSymbol(","));
    }

    private void NotMatched()
    {
        reader.Expect("when");
        reader.Expect("not");
        reader.Expect("matched");
        reader.Expect("then");
        reader.Expect("insert");
        if (reader.IsSymbol("("))
        {
            reader.NameList();
        }

        reader.Expect("values");
        reader.ExpectSymbol("(");
        do
        {
            _walker.Expression();
        }
        while (reader.AcceptSymbol(","));
        reader.ExpectSymbol(")");
    }
}

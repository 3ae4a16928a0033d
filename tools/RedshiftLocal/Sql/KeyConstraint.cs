using System.Collections.Immutable;

namespace RedshiftLocal.Sql;

/// <summary>A key that is kept and not enforced: p, u or f.</summary>
internal sealed record KeyConstraint(string? Name, string Kind, ImmutableArray<string> Columns)
{
    public QualifiedName? Referenced { get; init; }

    public ImmutableArray<string> ReferencedColumns { get; init; } = [];

    /// <summary>[CONSTRAINT name] PRIMARY KEY (…) | UNIQUE (…) | FOREIGN KEY (…) REFERENCES …; null if none begins here.</summary>
    public static KeyConstraint? Read(TokenReader reader)
    {
        var name = reader.Accept("constraint") ? reader.Name() : null;
        if (reader.IsWord("check"))
        {
            throw CheckRefused();
        }

        if (reader.Accept("primary", "key"))
        {
            return new KeyConstraint(name, "p", reader.NameList());
        }

        if (reader.Accept("unique"))
        {
            return new KeyConstraint(name, "u", reader.NameList());
        }

        if (reader.Accept("foreign", "key"))
        {
            var columns = reader.NameList();
            reader.Expect("references");
            return References(reader, name, columns);
        }

        return name is null ? null : throw reader.Unexpected();
    }

    /// <summary>table [(columns)] after REFERENCES.</summary>
    public static KeyConstraint References(TokenReader reader, string? name, ImmutableArray<string> columns)
    {
        var table = reader.Relation();
        var referenced = reader.IsSymbol("(") ? reader.NameList() : [];
        if (referenced.Length > 0 && referenced.Length != columns.Length)
        {
            throw new Protocol.ServerException("42830", "number of referencing and referenced columns for foreign key disagree");
        }

        return new KeyConstraint(name, "f", columns) { Referenced = table, ReferencedColumns = referenced };
    }

    public static Protocol.ServerException CheckRefused() =>
        Refusals.Unsupported("ALTER/CREATE TABLE column CHECK constraint is not supported");
}

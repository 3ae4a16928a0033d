using System.Collections.Immutable;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Sessions;

/// <summary>A statement and what is to be done with it.</summary>
internal sealed record PreparedStatement(SqlStatement? Source, Translation Translation)
{
    public ImmutableArray<Token> Tokens => Source?.Tokens ?? [];

    public string Text => Source?.Text ?? "";
}

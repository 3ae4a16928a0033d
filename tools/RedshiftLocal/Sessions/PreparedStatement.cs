using RedshiftLocal.Sql;

namespace RedshiftLocal.Sessions;

/// <summary>A statement and what is to be done with it.</summary>
internal sealed record PreparedStatement(SqlStatement? Source, Translation Translation)
{
    public string Text => Source?.Text ?? "";
}

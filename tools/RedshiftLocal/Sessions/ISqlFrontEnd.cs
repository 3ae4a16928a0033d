using System.Collections.Immutable;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Sessions;

/// <summary>Redshift's SQL as the sessions need it.</summary>
internal interface ISqlFrontEnd
{
    ImmutableArray<SqlStatement> Split(string sql);

    Translation Translate(SqlStatement statement, SessionFacts facts);

    ServerError TranslateError(ServerError backing, string? statement);
}

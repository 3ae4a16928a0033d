namespace RedshiftLocal.Sessions;

/// <summary>A bound statement of the extended protocol; the columns are the private PostgreSQL's description, null when there are none.</summary>
internal sealed record Portal(string Name, PreparedStatement Statement, byte[]? Columns);

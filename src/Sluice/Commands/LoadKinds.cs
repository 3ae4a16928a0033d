namespace Sluice.Commands;

/// <summary>The kinds of LOAD command; sets of them say where a clause or an option belongs.</summary>
[Flags]
public enum LoadKinds
{
    None = 0,
    Csv = 1 << 0,
    Fixed = 1 << 1,
    Copy = 1 << 2,
    Dbf = 1 << 3,
    Ixf = 1 << 4,
    Archive = 1 << 5,
    MySql = 1 << 6,
    SqlServer = 1 << 7,
    Sqlite = 1 << 8,
    Postgres = 1 << 9,
    Text = Csv | Fixed | Copy,
    Files = Text | Dbf | Ixf,
    Databases = MySql | SqlServer | Sqlite | Postgres,
    Loading = Files | Databases,
    All = Loading | Archive,
}

/// <summary>How a kind is called in messages.</summary>
public static class LoadKindNames
{
    /// <summary>One kind: <c>LOAD CSV</c>, <c>LOAD DATABASE FROM mysql://</c>.</summary>
    public static string Words(LoadKinds kind) => kind switch
    {
        LoadKinds.Csv => "LOAD CSV",
        LoadKinds.Fixed => "LOAD FIXED",
        LoadKinds.Copy => "LOAD COPY",
        LoadKinds.Dbf => "LOAD DBF",
        LoadKinds.Ixf => "LOAD IXF",
        LoadKinds.Archive => "LOAD ARCHIVE",
        LoadKinds.MySql => "LOAD DATABASE FROM mysql://",
        LoadKinds.SqlServer => "LOAD DATABASE FROM mssql://",
        LoadKinds.Sqlite => "LOAD DATABASE FROM sqlite://",
        LoadKinds.Postgres => "LOAD DATABASE FROM postgresql://",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Several kinds, joined by commas.</summary>
    public static string List(LoadKinds kinds) => string.Join(", ", Enum.GetValues<LoadKinds>()
        .Where(kind => (kinds & kind) != 0 && System.Numerics.BitOperations.IsPow2((int)kind)).Select(Words));
}

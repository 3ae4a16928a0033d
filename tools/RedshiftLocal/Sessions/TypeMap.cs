namespace RedshiftLocal.Sessions;

/// <summary>Type OIDs of the private PostgreSQL and those that Redshift's clients see.</summary>
internal sealed record TypeMap(int SuperOid, int VarbyteOid)
{
    public const int Varchar = 1043;
    public const int Super = 4000;
    public const int Varbyte = 6551;

    private const int Text = 25;
    private const int Unknown = 705;

    /// <summary>The type modifier of varchar(65535), which Redshift gives to expressions.</summary>
    public const int LongestVarchar = 65539;

    public int ToClient(int oid) => oid switch
    {
        Text or Unknown => Varchar,
        _ when oid == SuperOid && oid != 0 => Super,
        _ when oid == VarbyteOid && oid != 0 => Varbyte,
        _ => oid,
    };

    public static int ModifierToClient(int oid, int modifier) => oid is Text or Unknown || (oid == Varchar && modifier < 0) ? LongestVarchar : modifier;

    public int ToBacking(int oid) => oid switch
    {
        Super when SuperOid != 0 => SuperOid,
        Varbyte when VarbyteOid != 0 => VarbyteOid,
        _ => oid,
    };
}

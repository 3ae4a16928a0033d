namespace RedshiftLocal.Protocol;

/// <summary>A NoticeResponse to be sent. Redshift's own have severity INFO.</summary>
public sealed record Notice(string Message)
{
    public string Severity { get; init; } = "INFO";

    public string SqlState { get; init; } = "00000";
}

using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy.Commands;

/// <summary>Refusals of what Redshift can and this server cannot.</summary>
internal static class NotCovered
{
    public static ServerException Of(string subject) => new("0A000", $"{subject} is not covered by this stand-in");
}

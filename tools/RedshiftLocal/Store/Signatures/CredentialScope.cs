using System.Globalization;

namespace RedshiftLocal.Store.Signatures;

/// <summary>ACCESSKEY/DATE/REGION/SERVICE/aws4_request.</summary>
internal sealed record CredentialScope(string AccessKey, string Date, string Region, string Service)
{
    public string Text => $"{Date}/{Region}/{Service}/aws4_request";

    /// <summary>Null when it is not of that form.</summary>
    public static CredentialScope? Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length < 5 || parts[^1] != "aws4_request" || parts.Any(part => part.Length == 0)
            || !DateTime.TryParseExact(parts[^4], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return null;
        }

        return new CredentialScope(string.Join('/', parts[..^4]), parts[^4], parts[^3], parts[^2]);
    }
}

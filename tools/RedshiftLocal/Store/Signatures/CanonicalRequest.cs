using System.Text;

namespace RedshiftLocal.Store.Signatures;

/// <summary>The form of a request that is signed. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html</summary>
internal static class CanonicalRequest
{
    public static string Write(S3Request request, SignedFields fields, string payloadHash)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n');
        text.Append(UriText.Encode(request.Target.Path, keepSlashes: true)).Append('\n');
        AppendQuery(text, request.Query);
        text.Append('\n');
        foreach (var name in fields.Headers)
        {
            text.Append(name).Append(':').Append(Value(request, name)).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', fields.Headers).Append('\n').Append(payloadHash).ToString();
    }

    private static void AppendQuery(StringBuilder text, QueryValues query)
    {
        var encoded = query.Items
            .Where(item => item.Name != "X-Amz-Signature")
            .Select(item => (Name: UriText.Encode(item.Name, keepSlashes: false), Value: UriText.Encode(item.Value, keepSlashes: false)))
            .OrderBy(item => item.Name, StringComparer.Ordinal)
            .ThenBy(item => item.Value, StringComparer.Ordinal);
        var first = true;
        foreach (var (name, value) in encoded)
        {
            text.Append(first ? "" : "&").Append(name).Append('=').Append(value);
            first = false;
        }
    }

    // Values are trimmed, runs of blanks are one blank, several headers of a name are joined with commas.
    private static string Value(S3Request request, string name) => string.Join(
        ',', request.Http.Request.Headers[name].Select(value => string.Join(' ', (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim()));
}

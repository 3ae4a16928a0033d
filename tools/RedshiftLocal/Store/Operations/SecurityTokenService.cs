using System.Globalization;
using System.Xml.Linq;
using RedshiftLocal.Store.Signatures;

namespace RedshiftLocal.Store.Operations;

/// <summary>The part of STS that loaders ask: who am I, and a role's keys. https://docs.aws.amazon.com/STS/latest/APIReference/</summary>
internal sealed class SecurityTokenService(S3StoreOptions options, CredentialStore credentials)
{
    private static readonly XNamespace Space = S3Answer.SecurityTokenNamespace;

    public XElement Answer(Caller caller, QueryValues form, string requestId)
    {
        if (form["Version"] != "2011-06-15")
        {
            throw new S3Exception(400, "InvalidAction", $"Could not find operation {form["Action"]} for version {form["Version"] ?? "NO_VERSION_SPECIFIED"}");
        }

        return form["Action"] switch
        {
            "GetCallerIdentity" => Wrap("GetCallerIdentity", requestId, Identity(caller.Credential)),
            "AssumeRole" => Wrap("AssumeRole", requestId, Assume(caller, form)),
            var action => throw new S3Exception(400, "InvalidAction", $"Could not find operation {action} for version 2011-06-15"),
        };
    }

    /// <summary>STS has its own names for what S3 says of keys and times.</summary>
    public static S3Exception Translate(S3Exception error) => error.Code switch
    {
        "InvalidAccessKeyId" or "InvalidToken" => new S3Exception(403, "InvalidClientTokenId", "The security token included in the request is invalid."),
        "ExpiredToken" => new S3Exception(403, "ExpiredToken", "The security token included in the request is expired"),
        "RequestTimeTooSkewed" => new S3Exception(403, "SignatureDoesNotMatch", "Signature expired or not yet current: the request time differs by more than 15 minutes."),
        "AccessDenied" when error.Details.Count == 0 && error.Message == "Access Denied" =>
            new S3Exception(403, "MissingAuthenticationToken", "Request is missing Authentication Token"),
        _ => error,
    };

    private static XElement Wrap(string action, string requestId, object[] result) => new(
        Space + (action + "Response"),
        new XElement(Space + (action + "Result"), result),
        new XElement(Space + "ResponseMetadata", new XElement(Space + "RequestId", requestId)));

    private static object[] Identity(S3Credential credential) =>
    [
        new XElement(Space + "Arn", credential.EffectiveArn),
        new XElement(Space + "UserId", credential.AccessKey),
        new XElement(Space + "Account", credential.Account),
    ];

    private object[] Assume(Caller caller, QueryValues form)
    {
        var role = form["RoleArn"];
        var session = form["RoleSessionName"];
        if (role is null || session is null || session.Length is < 2 or > 64
            || !session.All(c => char.IsAsciiLetterOrDigit(c) || "_+=,.@-".Contains(c, StringComparison.Ordinal)))
        {
            throw new S3Exception(400, "ValidationError", "RoleArn and a RoleSessionName of 2 to 64 characters of [\\w+=,.@-] are needed");
        }

        if (form["Policy"] is not null || form.Items.Any(item => item.Name.StartsWith("PolicyArns", StringComparison.Ordinal)))
        {
            throw new S3Exception(400, "ValidationError", "Session policies are not covered by this stand-in");
        }

        var hasNumber = int.TryParse(form["DurationSeconds"] ?? "3600", NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        if (!hasNumber || seconds is < 900 or > 43_200)
        {
            throw new S3Exception(400, "ValidationError", "DurationSeconds must be a number from 900 to 43200");
        }

        var arn = $"{role.Replace(":iam::", ":sts::", StringComparison.Ordinal).Replace(":role/", ":assumed-role/", StringComparison.Ordinal)}/{session}";
        var issued = options.Roles.TryGetValue(role, out var accessKey)
            ? credentials.Issue(accessKey, arn, TimeSpan.FromSeconds(seconds))
            : null;
        if (issued is null)
        {
            throw new S3Exception(
                403, "AccessDenied", $"User: {caller.Credential.EffectiveArn} is not authorized to perform: sts:AssumeRole on resource: {role}");
        }

        return
        [
            new XElement(
                Space + "Credentials",
                new XElement(Space + "AccessKeyId", issued.AccessKey),
                new XElement(Space + "SecretAccessKey", issued.SecretKey),
                new XElement(Space + "SessionToken", issued.SessionToken),
                new XElement(Space + "Expiration", S3Xml.Time(issued.Expires!.Value))),
            new XElement(
                Space + "AssumedRoleUser",
                new XElement(Space + "AssumedRoleId", $"{issued.AccessKey}:{session}"),
                new XElement(Space + "Arn", arn)),
        ];
    }
}

using System.Collections.Immutable;
using System.Net;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy;
using RedshiftLocal.Store;

namespace RedshiftLocal;

/// <summary>What the options say about the store: key pairs, buckets, roles.</summary>
internal sealed record StoreSettings(
    ImmutableArray<S3Credential> Credentials, ImmutableArray<S3BucketOptions> Buckets, ImmutableDictionary<string, string> Roles)
{
    private const string ArnStart = "arn:";

    /// <exception cref="StartException">An option or the credentials file is wrong.</exception>
    public static StoreSettings Read(RedshiftLocalOptions options) =>
        new(ReadCredentials(options), [.. options.Buckets.Select(ReadBucket)], ReadRoles(options));

    /// <summary>The key pairs that COPY uses for a role, by its ARN.</summary>
    public IReadOnlyDictionary<string, S3Credentials> RoleCredentials() => Roles.ToImmutableDictionary(
        role => role.Key,
        role =>
        {
            var found = Credentials.First(credential => credential.AccessKey == role.Value);
            return new S3Credentials(found.AccessKey, found.SecretKey, found.SessionToken);
        },
        StringComparer.Ordinal);

    private static ImmutableArray<S3Credential> ReadCredentials(RedshiftLocalOptions options)
    {
        var credentials = ImmutableArray.CreateBuilder<S3Credential>();
        if ((options.AccessKey is null) != (options.SecretKey is null))
        {
            throw new StartException("--access-key and --secret-key belong together: one of them is missing");
        }

        if (options.AccessKey is not null)
        {
            credentials.Add(new S3Credential { AccessKey = options.AccessKey, SecretKey = options.SecretKey! });
        }

        if (options.CredentialsFile is not null)
        {
            try
            {
                credentials.AddRange(CredentialFile.Load(options.CredentialsFile));
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw new StartException($"--credentials: {exception.Message}", exception);
            }
        }

        return credentials.ToImmutable();
    }

    private static S3BucketOptions ReadBucket(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new S3BucketOptions(text)
            : colon > 0 && colon < text.Length - 1 ? new S3BucketOptions(text[..colon], text[(colon + 1)..])
            : throw new StartException($"--bucket takes NAME or NAME:REGION, not {text}");
    }

    private static ImmutableDictionary<string, string> ReadRoles(RedshiftLocalOptions options)
    {
        var roles = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in options.IamRoles)
        {
            var equals = text.LastIndexOf('=');
            if (equals <= 0 || equals == text.Length - 1 || !text.StartsWith(ArnStart, StringComparison.Ordinal))
            {
                throw new StartException($"--iam-role takes ARN=ACCESS_KEY, such as arn:aws:iam::123456789012:role/loader=AKIA…, not {text}");
            }

            roles[text[..equals]] = text[(equals + 1)..];
        }

        return roles.ToImmutable();
    }

    /// <summary>Where COPY reaches a store that listens on the given address.</summary>
    public static Uri Reachable(Uri endpoint) =>
        IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(endpoint) { Host = address.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]" }.Uri
            : endpoint;
}

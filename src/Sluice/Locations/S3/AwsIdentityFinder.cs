using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Sluice.Diagnostics;

namespace Sluice.Locations.S3;

/// <summary>
/// Finds the credentials where the AWS command line finds them: a profile that the command names, the variables, a web identity, the profile of
/// AWS_PROFILE or <c>default</c>, the container's role, the instance's role.
/// </summary>
internal sealed class AwsIdentityFinder(AwsEnvironment environment, AwsProfiles profiles)
{
    private const string Metadata = "169.254.169.254";

    private const int InstanceAttempts = 3;

    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan InstanceTimeout = TimeSpan.FromSeconds(15);

    // Settings with which a profile's keys come from elsewhere; the SDK knows how.
    private static readonly string[] Indirect =
        ["role_arn", "sso_session", "sso_start_url", "credential_process", "web_identity_token_file", "credential_source", "login_session"];

    /// <param name="profile">The profile that the command names, or null.</param>
    /// <param name="ct">Stops looking.</param>
    /// <exception cref="TargetException">There are none, or they are incomplete.</exception>
    public async Task<AwsIdentity> FindAsync(string? profile, CancellationToken ct)
    {
        var name = profile ?? environment.Profile ?? "default";
        if (profile is null && FromVariables(name) is { } direct)
        {
            return direct;
        }

        if (profile is null && environment.Profile is null && environment["AWS_WEB_IDENTITY_TOKEN_FILE"] is { } token
            && environment["AWS_ROLE_ARN"] is { } role)
        {
            var session = environment["AWS_ROLE_SESSION_NAME"] ?? "sluice";
            return new AwsIdentity(new AssumeRoleWithWebIdentityCredentials(token, role, session), $"AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN {role}", name);
        }

        if (FromProfile(name, profile is not null) is { } found)
        {
            return found;
        }

        if (environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] is not null || environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] is not null)
        {
            return new AwsIdentity(new GenericContainerCredentials(), "the container's role", name);
        }

        var machine = "";
        // The service refuses who asks too often, and is a moment late on a machine that has just started.
        for (var attempt = 1; attempt <= InstanceAttempts && await HasMetadataAsync(ct).ConfigureAwait(false); attempt++)
        {
            try
            {
                // The constructor asks for the role's name, and waits for the answer.
                var credentials = await Task.Run(() => new InstanceProfileAWSCredentials(), ct).WaitAsync(InstanceTimeout, ct).ConfigureAwait(false);
                return new AwsIdentity(credentials, "the instance's role", name);
            }
            catch (Exception error) when (AwsErrors.IsOfRequest(error))
            {
                machine = $" ({Printable.Escape(error.Message)})";
            }
        }

        throw new TargetException(
            "There are no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor a profile "
            + $"\"{Printable.Escape(name)}\" in {Printable.Escape(environment.CredentialsPath)}, nor a role of this machine{machine}",
            "set the two variables, or AWS_PROFILE, or write aws_access_key_id and aws_secret_access_key into the file's section [default]");
    }

    private AwsIdentity? FromVariables(string profile)
    {
        var accessKey = environment["AWS_ACCESS_KEY_ID"] ?? environment["AWS_ACCESS_KEY"];
        var secretKey = environment["AWS_SECRET_ACCESS_KEY"] ?? environment["AWS_SECRET_KEY"];
        if (accessKey is null && secretKey is null)
        {
            return null;
        }

        if (accessKey is null || secretKey is null)
        {
            throw new TargetException(
                accessKey is null ? "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not" : "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
                "set both, or neither to use a profile");
        }

        return new AwsIdentity(Keys(accessKey, secretKey, environment["AWS_SESSION_TOKEN"]), "AWS_ACCESS_KEY_ID", profile);
    }

    private AwsIdentity? FromProfile(string name, bool isRequired)
    {
        if (!profiles.Has(name))
        {
            if (!isRequired && environment.Profile is null)
            {
                return null;
            }

            var from = isRequired ? "aws profile" : "AWS_PROFILE";
            var near = Suggest.Nearest(name, profiles.Names);
            throw new TargetException(
                $"There is no profile \"{Printable.Escape(name)}\", which {from} names, in {Printable.Escape(environment.ConfigPath)} or "
                + Printable.Escape(environment.CredentialsPath),
                near is null ? null : $"did you mean {near}?");
        }

        if (Indirect.Any(setting => profiles.Find(name, setting) is not null))
        {
            return FromSdk(name);
        }

        var accessKey = profiles.Find(name, "aws_access_key_id");
        var secretKey = profiles.Find(name, "aws_secret_access_key");
        if (accessKey is null && secretKey is null)
        {
            return isRequired || environment.Profile is not null
                ? throw new TargetException($"The profile \"{Printable.Escape(name)}\" holds no credentials",
                    "it needs aws_access_key_id and aws_secret_access_key, or role_arn, or sso_session")
                : null;
        }

        return accessKey is null || secretKey is null
            ? throw new TargetException(
                $"The profile \"{Printable.Escape(name)}\" has {(accessKey is null ? "aws_secret_access_key but no aws_access_key_id" : "aws_access_key_id but no aws_secret_access_key")}")
            : new AwsIdentity(Keys(accessKey, secretKey, profiles.Find(name, "aws_session_token")), $"profile {name}", name);
    }

    private AwsIdentity FromSdk(string name)
    {
        try
        {
            var chain = new CredentialProfileStoreChain(environment.CredentialsPath);
            if (chain.TryGetAWSCredentials(name, out var credentials))
            {
                return new AwsIdentity(credentials, $"profile {name}", name);
            }
        }
        catch (Exception error) when (AwsErrors.IsOfRequest(error))
        {
            throw new TargetException($"The profile \"{Printable.Escape(name)}\" cannot be used: {Printable.Escape(error.Message)}", null, error);
        }

        throw new TargetException($"The profile \"{Printable.Escape(name)}\" is not complete", "see what `aws sts get-caller-identity --profile` says of it");
    }

    private static AWSCredentials Keys(string accessKey, string secretKey, string? token) =>
        token is null ? new BasicAWSCredentials(accessKey, secretKey) : new SessionAWSCredentials(accessKey, secretKey, token);

    // The SDK would try for long where there is no such service, which is everywhere but on AWS.
    private async Task<bool> HasMetadataAsync(CancellationToken ct)
    {
        if (environment.IsTrue("AWS_EC2_METADATA_DISABLED"))
        {
            return false;
        }

        var endpoint = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"];
        var uri = endpoint is not null && Uri.TryCreate(endpoint, UriKind.Absolute, out var written) ? written : new Uri($"http://{Metadata}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(MetadataTimeout);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(uri.DnsSafeHost, uri.Port, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }
}

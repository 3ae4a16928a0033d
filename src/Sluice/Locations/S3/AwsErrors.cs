using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Amazon.Runtime;
using Sluice.Diagnostics;

namespace Sluice.Locations.S3;

/// <summary>What went wrong with any AWS service, and what to do about it.</summary>
internal static class AwsErrors
{
    // Longer ones are whole documents.
    private const int LongestWords = 300;

    /// <summary>Whether a request failed: refused, without an answer, or without keys to sign it. The SDK's exceptions have no base of their own.</summary>
    public static bool IsOfRequest(Exception error) =>
        error is HttpRequestException or IOException or TimeoutException or WebException or InvalidOperationException or ArgumentException or JsonException
        || error.GetType().FullName?.StartsWith("Amazon.", StringComparison.Ordinal) == true;

    /// <param name="what">Begins the message: what cannot be done.</param>
    /// <param name="error">Why.</param>
    /// <param name="source">Where the keys are from.</param>
    /// <param name="endpoint">Where the request went; null: to AWS's own.</param>
    public static TargetException Explain(string what, Exception error, string source, Uri? endpoint)
    {
        var (reason, hint) = error switch
        {
            AmazonServiceException { StatusCode: not 0 } refused => Keys(refused, source) ?? Other(refused),
            _ => Unreachable(error, endpoint),
        };
        return new TargetException($"{what}: {reason}{Request(error)}", hint, error);
    }

    /// <summary>Why a profile or a role gives no keys.</summary>
    public static TargetException NoKeys(string source, Exception error)
    {
        var what = $"Cannot get keys from {Printable.Escape(source)}";
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is AmazonServiceException { StatusCode: not 0 } refused)
            {
                return refused.ErrorCode is "AccessDenied" or "AccessDeniedException"
                    ? new TargetException($"{what}: the role cannot be assumed, access is denied{Request(refused)}",
                        "the role's trust policy has to name who assumes it, and the one who does needs sts:AssumeRole", error)
                    : Explain(what, refused, source, null);
            }
        }

        if (error is ProcessAWSCredentialException)
        {
            // Its text, and those of what caused it, may quote what the command printed: keys.
            return new TargetException($"{what}: its credential_process failed, or printed something else than keys", "run the command by hand");
        }

        return !IsOfTransport(error)
            ? new TargetException($"{what}: {Printable.Escape(error.Message)}", "see what `aws sts get-caller-identity` says; for SSO: aws sso login", error)
            : Explain(what, error, source, null);
    }

    /// <summary>What to say of a refusal that is about keys; null: it is about something else.</summary>
    public static (string Reason, string? Hint)? Keys(AmazonServiceException error, string source)
    {
        var by = $"(the keys are from {Printable.Escape(source)})";
        return error.ErrorCode switch
        {
            "InvalidAccessKeyId" or "InvalidClientTokenId" or "UnrecognizedClientException" =>
                ($"the access key is not known {by}", "check AWS_ACCESS_KEY_ID, or the profile; temporary keys need AWS_SESSION_TOKEN too"),
            "SignatureDoesNotMatch" => ($"the secret key does not belong to the access key {by}", "check AWS_SECRET_ACCESS_KEY, or the profile"),
            "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" or "RequestExpired" =>
                ($"the temporary keys have expired {by}", "get new ones, for SSO with: aws sso login; then run the load again"),
            "InvalidToken" => ($"the session token does not belong to the keys {by}", "set AWS_SESSION_TOKEN along with the keys it came with"),
            "RequestTimeTooSkewed" => ("this machine's clock differs from AWS's by more than 15 minutes", "set the clock"),
            _ => null,
        };
    }

    /// <summary>What to say of a refusal that nobody foresaw: AWS's own words.</summary>
    public static (string Reason, string? Hint) Other(AmazonServiceException error)
    {
        var code = string.IsNullOrEmpty(error.ErrorCode) ? "" : $"{Printable.Escape(error.ErrorCode)}, ";
        var words = string.IsNullOrEmpty(error.Message) || error.Message.Length > LongestWords ? "" : $": {Printable.Escape(error.Message)}";
        return ($"AWS answers {code}status {(int)error.StatusCode}{words}", null);
    }

    public static (string Reason, string? Hint) Unreachable(Exception error, Uri? endpoint)
    {
        var place = endpoint is null ? "AWS" : $"the endpoint {endpoint}";
        var hint = endpoint is null ? "check the network, HTTPS_PROXY and the region" : "check AWS_ENDPOINT_URL, or the variable of the service";
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return ($"the host name of {place} is not known", hint);
                case SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown }:
                    return ($"the connection to {place} broke", hint);
                case SocketException socket:
                    return ($"{place} cannot be reached ({socket.SocketErrorCode})", hint);
                case AuthenticationException:
                    return ($"the TLS certificate of {place} is not accepted", "look at proxies in between, or at the endpoint's scheme");
                case TimeoutException or OperationCanceledException:
                    return ($"{place} did not answer in time", hint);
            }
        }

        return IsOfTransport(error) ? ($"the connection to {place} broke", hint) : ($"the AWS client says: {Printable.Escape(error.Message)}", null);
    }

    /// <summary>The request's id, by which AWS's support finds it.</summary>
    public static string Request(Exception error) =>
        error is AmazonServiceException { RequestId: { Length: > 0 } id } ? $" (request {Printable.Escape(id)})" : "";

    private static bool IsOfTransport(Exception? error) =>
        error is HttpRequestException or IOException or WebException || (error is not null && IsOfTransport(error.InnerException));
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Store.Signatures;

/// <summary>The key pairs that are known: those configured, and those AssumeRole gave out in this run.</summary>
internal sealed class CredentialStore
{
    private const int MostTemporary = 10_000;
    private const string KeyLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string SecretLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+";

    private readonly Dictionary<string, S3Credential> _configured;
    private readonly ConcurrentDictionary<string, S3Credential> _temporary = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly SecretLedger? _secrets;

    public CredentialStore(IEnumerable<S3Credential> configured, TimeProvider time, SecretLedger? secrets)
    {
        _configured = configured.ToDictionary(credential => credential.AccessKey, StringComparer.Ordinal);
        _time = time;
        _secrets = secrets;
        foreach (var credential in _configured.Values)
        {
            Remember(credential);
        }
    }

    /// <summary>The key pair, when its token is the one sent. Throws what S3 answers otherwise.</summary>
    public S3Credential Find(string accessKey, string? token)
    {
        if ((!_configured.TryGetValue(accessKey, out var credential) && !_temporary.TryGetValue(accessKey, out credential))
            || (credential.SessionToken is not null && token is null))
        {
            throw new S3Exception(
                403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", ("AWSAccessKeyId", accessKey));
        }

        if (token is not null && (credential.SessionToken is null || !SigningContext.AreEqual(credential.SessionToken, token)))
        {
            throw new S3Exception(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
        }

        if (credential.Expires <= _time.GetUtcNow())
        {
            throw new S3Exception(400, "ExpiredToken", "The provided token has expired.");
        }

        return credential;
    }

    /// <summary>A temporary pair with the rights of a configured one; null when that is not known.</summary>
    public S3Credential? Issue(string accessKey, string arn, TimeSpan lifetime)
    {
        if (!_configured.TryGetValue(accessKey, out var source))
        {
            return null;
        }

        var now = _time.GetUtcNow();
        if (_temporary.Count >= MostTemporary)
        {
            foreach (var expired in _temporary.Values.Where(credential => credential.Expires <= now))
            {
                _temporary.TryRemove(expired.AccessKey, out _);
            }
        }

        var issued = source with
        {
            AccessKey = "ASIA" + RandomNumberGenerator.GetString(KeyLetters, 16),
            SecretKey = RandomNumberGenerator.GetString(SecretLetters, 40),
            SessionToken = RandomNumberGenerator.GetString(SecretLetters, 356),
            Expires = now + lifetime,
            Arn = arn,
        };
        Remember(issued);
        _temporary[issued.AccessKey] = issued;
        return issued;
    }

    private void Remember(S3Credential credential)
    {
        _secrets?.Remember(credential.SecretKey);
        _secrets?.Remember(credential.SessionToken ?? "");
    }
}

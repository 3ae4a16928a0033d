using System.Security.Cryptography;
using System.Text;

namespace RedshiftLocal.Store.Signatures;

/// <summary>The key of one request's signature, and the signatures that are made with it.</summary>
internal sealed class SigningContext
{
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly byte[] _key;
    private readonly string _timestamp;
    private readonly string _scope;

    public SigningContext(string secretKey, CredentialScope scope, string timestamp)
    {
        _timestamp = timestamp;
        _scope = scope.Text;
        var key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (var part in (string[])[scope.Date, scope.Region, scope.Service, "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        _key = key;
    }

    public string StringToSign(string canonicalRequest) => $"AWS4-HMAC-SHA256\n{_timestamp}\n{_scope}\n{Hash(canonicalRequest)}";

    /// <summary>Of a chunk of the body. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html</summary>
    public string SignChunk(string previous, string dataHash) =>
        Sign($"AWS4-HMAC-SHA256-PAYLOAD\n{_timestamp}\n{_scope}\n{previous}\n{EmptyHash}\n{dataHash}");

    /// <summary>Of the trailers. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html</summary>
    public string SignTrailer(string previous, string trailer) =>
        Sign($"AWS4-HMAC-SHA256-TRAILER\n{_timestamp}\n{_scope}\n{previous}\n{Hash(trailer)}");

    public string Sign(string stringToSign) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(stringToSign)));

    public static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

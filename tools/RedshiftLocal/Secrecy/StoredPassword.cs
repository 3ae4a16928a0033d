using System.Security.Cryptography;
using System.Text;

// The protocol of challenge 5 is made of MD5.
#pragma warning disable CA5351

namespace RedshiftLocal.Secrecy;

/// <summary>
/// What is kept of a password so that all three ways of proving it work. It is written in the shape of a SCRAM verifier, because that is a
/// text that the private PostgreSQL stores in its roles untouched; its parts mean something else: the salted SHA-256 of challenge 13, and
/// the MD5 of challenge 5.
/// </summary>
internal sealed record StoredPassword(byte[] Salt, byte[] Sha256, byte[] Md5, StoredForms Forms)
{
    private const string Prefix = "SCRAM-SHA-256$4096:";

    /// <summary>Reads the literal of CREATE USER … PASSWORD: clear text, md5 and 32 digits, or sha256|….</summary>
    public static StoredPassword FromLiteral(string user, string literal)
    {
        if (literal.StartsWith("sha256|", StringComparison.Ordinal))
        {
            var parts = literal.Split('|');
            if (parts.Length == 3 && TryHex(parts[1], 32) is { } digest && TryHex(parts[2], null) is { Length: > 0 } salt)
            {
                return new StoredPassword(salt, digest, new byte[16], StoredForms.Sha256);
            }

            return FromClear(user, literal["sha256|".Length..], StoredForms.Sha256);
        }

        return literal.StartsWith("md5", StringComparison.Ordinal) && TryHex(literal[3..], 16) is { } md5
            ? new StoredPassword(new byte[16], new byte[32], md5, StoredForms.Md5)
            : FromClear(user, literal, StoredForms.Md5 | StoredForms.Clear);
    }

    public static StoredPassword? Parse(string? text)
    {
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = text[Prefix.Length..].Split('$', ':');
        if (parts.Length != 3)
        {
            return null;
        }

        var last = Convert.FromBase64String(parts[2]);
        return new StoredPassword(Convert.FromBase64String(parts[0]), Convert.FromBase64String(parts[1]), last[..16], (StoredForms)last[16]);
    }

    /// <summary>The text to be given to the private PostgreSQL as the role's password.</summary>
    public string Format()
    {
        var last = new byte[32];
        Md5.CopyTo(last, 0);
        last[16] = (byte)Forms;
        return $"{Prefix}{Convert.ToBase64String(Salt)}${Convert.ToBase64String(Sha256)}:{Convert.ToBase64String(last)}";
    }

    public bool MatchesClear(string user, string password) =>
        Forms.HasFlag(StoredForms.Md5)
            ? CryptographicOperations.FixedTimeEquals(Md5, HashMd5(user, password))
            : CryptographicOperations.FixedTimeEquals(Sha256, HashSha256(password, Salt));

    /// <summary>Checks the answer to challenge 5: md5 of the stored digits and the challenge's salt.</summary>
    public bool MatchesMd5(string answer, ReadOnlySpan<byte> salt)
    {
        if (!Forms.HasFlag(StoredForms.Md5))
        {
            return false;
        }

        byte[] stored = [.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Md5)), .. salt];
        var expected = "md5" + Convert.ToHexStringLower(MD5.HashData(stored));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(answer), Encoding.UTF8.GetBytes(expected));
    }

    /// <summary>Checks the answer to challenge 13: SHA-256 of the stored hash, the server's nonce and the client's.</summary>
    public bool MatchesSha256(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> serverNonce, ReadOnlySpan<byte> clientNonce)
    {
        byte[] text = [.. Sha256, .. serverNonce, .. clientNonce];
        return (Forms & (StoredForms.Sha256 | StoredForms.Clear)) != 0 && CryptographicOperations.FixedTimeEquals(answer, SHA256.HashData(text));
    }

    private static StoredPassword FromClear(string user, string password, StoredForms forms)
    {
        var salt = RandomNumberGenerator.GetBytes(32);
        return new StoredPassword(salt, HashSha256(password, salt), forms.HasFlag(StoredForms.Md5) ? HashMd5(user, password) : new byte[16], forms);
    }

    private static byte[] HashSha256(string password, byte[] salt) => SHA256.HashData([.. Encoding.UTF8.GetBytes(password), .. salt]);

    private static byte[] HashMd5(string user, string password) => MD5.HashData(Encoding.UTF8.GetBytes(password + user));

    private static byte[]? TryHex(string text, int? bytes)
    {
        if (text.Length % 2 != 0 || (bytes is { } expected && text.Length != expected * 2) || !text.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        return Convert.FromHexString(text);
    }
}

/// <summary>What of a password is known.</summary>
[Flags]
internal enum StoredForms : byte
{
    None = 0,

    /// <summary>The MD5 form is known: challenges 5 and 3.</summary>
    Md5 = 1,

    /// <summary>Only the SHA-256 form was given: challenge 13 whatever the server prefers.</summary>
    Sha256 = 2,

    /// <summary>It was given in clear text, so the SHA-256 form is known beside the MD5 form.</summary>
    Clear = 4,
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>
/// PASSWORD of CREATE USER and ALTER USER. Clear text is checked and hashed here and goes no further. See the guide's page "CREATE USER".
/// </summary>
internal static class Passwords
{
    private const string Rule = "password must be 8 to 64 characters long and hold an uppercase letter, a lowercase letter and a number, and no ' \" \\ / @ or space";

    /// <summary>The password as the backing server keeps it (md5… or null) and as rs_internal does.</summary>
    public static (string? Md5, JsonObject Definition) Hash(string user, string? password)
    {
        var definition = new JsonObject { ["action"] = "user_password", ["user"] = user, ["method"] = "disabled", ["digest"] = null, ["salt"] = null };
        if (password is null)
        {
            return (null, definition);
        }

        if (password.StartsWith("sha256|", StringComparison.Ordinal))
        {
            Sha256(password["sha256|".Length..], definition);
            return (null, definition);
        }

        definition["method"] = "md5";
        if (IsMd5(password))
        {
            definition["digest"] = password[3..].ToLowerInvariant();
            return (password.ToLowerInvariant(), definition);
        }

        CheckStrength(password);
#pragma warning disable CA5351 // The protocol's own hash.
        var digest = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password + user)));
#pragma warning restore CA5351
        definition["digest"] = digest;
        return ("md5" + digest, definition);
    }

    private static bool IsMd5(string password) =>
        password.Length == 35 && password.StartsWith("md5", StringComparison.Ordinal) && IsHex(password.AsSpan(3));

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A password in clear text, or digest|salt.</summary>
    private static void Sha256(string text, JsonObject definition)
    {
        definition["method"] = "sha256";
        var parts = text.Split('|');
        if (parts is [{ Length: 64 } digest, { Length: 64 } salt] && IsHex(digest) && IsHex(salt))
        {
            definition["digest"] = digest.ToLowerInvariant();
            definition["salt"] = salt.ToLowerInvariant();
            return;
        }

        CheckStrength(text);
        var bytes = RandomNumberGenerator.GetBytes(32);
        definition["digest"] = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(text), .. bytes]));
        definition["salt"] = Convert.ToHexStringLower(bytes);
    }

    private static void CheckStrength(string password)
    {
        if (password.Length is < 8 or > 64 || !password.Any(char.IsAsciiLetterUpper) || !password.Any(char.IsAsciiLetterLower)
            || !password.Any(char.IsAsciiDigit) || password.Any(c => c is < '!' or > '~' or '\'' or '"' or '\\' or '/' or '@'))
        {
            throw new ServerException("22023", Rule);
        }
    }
}

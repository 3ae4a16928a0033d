using System.Text.Json.Nodes;
using RedshiftLocal.Protocol;
using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Sql;

/// <summary>
/// PASSWORD of CREATE USER and ALTER USER. Clear text is checked and hashed here and goes no further. See the guide's page "CREATE USER".
/// </summary>
internal static class Passwords
{
    private const string Rule = "password must be 8 to 64 characters long and hold an uppercase letter, a lowercase letter and a number, and no ' \" \\ / @ or space";

    /// <summary>The password as the backing server keeps it, null for none, and what rs_internal is told of it.</summary>
    public static (string? Stored, JsonObject Definition) Hash(string user, string? password)
    {
        var definition = new JsonObject { ["action"] = "user_password", ["user"] = user, ["method"] = "disabled", ["digest"] = null, ["salt"] = null };
        if (password is null)
        {
            return (null, definition);
        }

        var isSha256 = password.StartsWith("sha256|", StringComparison.Ordinal);
        if (isSha256 ? !IsSha256(password) : !IsMd5(password))
        {
            CheckStrength(isSha256 ? password["sha256|".Length..] : password);
        }

        definition["method"] = isSha256 ? "sha256" : "md5";
        return (StoredPassword.FromLiteral(user, password).Format(), definition);
    }

    private static bool IsSha256(string password) =>
        password.Split('|') is [_, { Length: 64 } digest, { Length: 64 } salt] && IsHex(digest) && IsHex(salt);

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

    private static void CheckStrength(string password)
    {
        if (password.Length is < 8 or > 64 || !password.Any(char.IsAsciiLetterUpper) || !password.Any(char.IsAsciiLetterLower)
            || !password.Any(char.IsAsciiDigit) || password.Any(c => c is < '!' or > '~' or '\'' or '"' or '\\' or '/' or '@'))
        {
            throw new ServerException("22023", Rule);
        }
    }
}

using System.Collections.Immutable;

namespace Sluice.Locations.S3;

/// <summary>With what right COPY reads the staged objects. Holds secrets unless it is a role: its SQL is never logged.</summary>
internal sealed class CopyAuthorization
{
    private CopyAuthorization(string sql, ImmutableArray<string> secrets)
    {
        Sql = sql;
        Secrets = secrets;
    }

    /// <summary>The clause: <c>IAM_ROLE …</c>, or <c>ACCESS_KEY_ID … SECRET_ACCESS_KEY … [SESSION_TOKEN …]</c>.</summary>
    public string Sql { get; }

    /// <summary>What must not show in any text; empty for a role.</summary>
    public ImmutableArray<string> Secrets { get; }

    public bool HasKeys => !Secrets.IsEmpty;

    /// <param name="role">An ARN, ARNs joined by commas, or <c>default</c>.</param>
    public static CopyAuthorization OfRole(string role) =>
        new(role.Equals("default", StringComparison.OrdinalIgnoreCase) ? "IAM_ROLE default" : $"IAM_ROLE {Quote(role)}", []);

    public static CopyAuthorization OfKeys(string accessKey, string secretKey, string? token)
    {
        var sql = $"ACCESS_KEY_ID {Quote(accessKey)} SECRET_ACCESS_KEY {Quote(secretKey)}";
        return string.IsNullOrEmpty(token)
            ? new CopyAuthorization(sql, [secretKey])
            : new CopyAuthorization($"{sql} SESSION_TOKEN {Quote(token)}", [secretKey, token]);
    }

    /// <summary>For messages: never holds a key.</summary>
    public override string ToString() => HasKeys ? "ACCESS_KEY_ID … SECRET_ACCESS_KEY …" : Sql;

    // The server reads a backslash as an escape.
    private static string Quote(string text) =>
        $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}

using System.Collections.Immutable;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy.Commands;

/// <summary>Whose rights are used to read the files.</summary>
public abstract record CopyAuthorization
{
    private const string Expected = "Invalid credentials. Must be of the format: credentials 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'";

    /// <summary>Reads the string of CREDENTIALS: case-sensitive names, no blanks, semicolons between.</summary>
    public static CopyAuthorization ParseString(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(';'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == part.Length - 1 || part.AsSpan().ContainsAny(" \t\r\n")
                || !values.TryAdd(part[..equals], part[(equals + 1)..]))
            {
                throw Invalid();
            }
        }

        if (values.ContainsKey("master_symmetric_key"))
        {
            throw NotCovered.Of("Client-side encryption (master_symmetric_key)");
        }

        if (values.Remove("aws_iam_role", out var role))
        {
            return values.Count == 0 ? CopyRole.Parse(role) : throw Invalid();
        }

        var hasToken = values.Remove("token", out var token);
        if (!values.Remove("aws_access_key_id", out var key) || !values.Remove("aws_secret_access_key", out var secret) || values.Count > 0)
        {
            throw Invalid();
        }

        return new CopyKeys(new S3Credentials(key, secret, hasToken ? token : null));
    }

    internal static ServerException Invalid() => new("XX000", Expected);
}

/// <summary>A role's ARN, or a chain of them; empty for IAM_ROLE default.</summary>
public sealed record CopyRole(ImmutableArray<string> Arns) : CopyAuthorization
{
    public static CopyRole Default { get; } = new([]);

    /// <summary>Reads 'arn' or 'arn1,arn2'.</summary>
    public static CopyRole Parse(string text)
    {
        var arns = text.Split(',');
        return arns.Any(arn => !arn.StartsWith("arn:aws", StringComparison.Ordinal) || arn.AsSpan().ContainsAny(" \t\r\n"))
            ? throw Invalid()
            : new CopyRole([.. arns]);
    }
}

/// <summary>A key pair, with a token where the keys are temporary.</summary>
public sealed record CopyKeys(S3Credentials Credentials) : CopyAuthorization;

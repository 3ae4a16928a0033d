using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Npgsql;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Sources.Redshift;

/// <summary>What the server or the driver said of a statement that may hold keys, without any of them.</summary>
internal static partial class RedshiftFault
{
    private const string Mask = "****";

    public static (string Text, string? Hint) Describe(Exception error, ImmutableArray<string> secrets)
    {
        if (error is not PostgresException refused)
        {
            var hint = ServerError.Classify(error) == ServerErrorKind.ConnectionLost ? "the connection, and with it the point in time, is gone: load again" : null;
            return (Masked(ServerText.Describe(error), secrets), hint);
        }

        var detail = Detail(refused.Detail);
        var message = refused.MessageText;
        var text = detail is null || message.Contains(detail, StringComparison.Ordinal) ? message : $"{message}: {detail}";
        return (Masked($"{Printable.Escape(text)} [{refused.SqlState}]", secrets), HintFor(refused, text));
    }

    private static string? HintFor(PostgresException refused, string text) => refused.SqlState switch
    {
        SqlStates.InsufficientPrivilege => "grant the user SELECT (and USAGE on the schema), or leave the table out with EXCLUDING TABLE NAMES",
        SqlStates.QueryCanceled => "a time limit of the user or the cluster ended it, or someone cancelled it: a workload queue may have a limit of its own",
        _ when text.Contains("not authorized to assume IAM Role", StringComparison.Ordinal) => "attach the role to the cluster, and let its trust policy name redshift.amazonaws.com",
        _ when text.Contains("S3ServiceException", StringComparison.Ordinal) && text.Contains("Status 403", StringComparison.Ordinal) =>
            "UNLOAD writes with the rights it was given: they need s3:PutObject, s3:GetObject and s3:ListBucket in the bucket",
        _ when text.Contains("json_serialize", StringComparison.OrdinalIgnoreCase) || text.Contains("exceeds", StringComparison.OrdinalIgnoreCase) =>
            "a SUPER of more than 65,535 bytes cannot be unloaded as text: WITH no unload reads it",
        _ => ServerText.Hint(refused),
    };

    // Internal errors come in a block of lines between dashes: "error: …", "code: …", "context: …".
    private static string? Detail(string? detail)
    {
        if (string.IsNullOrWhiteSpace(detail))
        {
            return null;
        }

        var error = BlockLine().Match(detail);
        return error.Success ? error.Groups["text"].Value.Trim() : string.Join(' ', detail.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Masked(string text, ImmutableArray<string> secrets)
    {
        foreach (var secret in secrets)
        {
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        }

        return SecretMask.RedactSql(text);
    }

    [GeneratedRegex(@"^\s*error:\s*(?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex BlockLine();
}

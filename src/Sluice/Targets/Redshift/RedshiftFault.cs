using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Npgsql;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <summary>
/// What the server or the driver said of a statement that may hold keys: its kind, and a text without any secret. The driver's exception
/// itself goes no further, since it holds the statement.
/// </summary>
internal sealed partial record RedshiftFault
{
    private const string Mask = "****";
    private const string InternalError = "XX000";

    public required ServerErrorKind Kind { get; init; }

    public required string Text { get; init; }

    public string? SqlState { get; init; }

    public string? Hint { get; init; }

    /// <summary>The server names a view in which the reasons are.</summary>
    public bool NamesErrorView { get; init; }

    public static RedshiftFault Of(Exception error, ImmutableArray<string> secrets)
    {
        if (error is not PostgresException refused)
        {
            return new RedshiftFault { Kind = ServerError.Classify(error), Text = Masked(ServerText.Describe(error), secrets) };
        }

        var message = refused.MessageText;
        var detail = Detail(refused.Detail);
        var text = detail is null || message.Contains(detail, StringComparison.Ordinal) ? message : $"{message}: {detail}";
        return new RedshiftFault
        {
            // 1023 is a serialization failure, whatever the class of its code says.
            Kind = refused.SqlState == InternalError && message.StartsWith("1023", StringComparison.Ordinal)
                ? ServerErrorKind.RetryBatch
                : ServerError.Classify(refused.SqlState) is ServerErrorKind.RowRefused ? ServerErrorKind.Fatal : ServerError.Classify(refused.SqlState),
            Text = Masked($"{Printable.Escape(text)} [{refused.SqlState}]", secrets),
            SqlState = refused.SqlState,
            Hint = HintFor(refused),
            NamesErrorView = refused.SqlState == InternalError && ErrorView().IsMatch(message),
        };
    }

    /// <summary>The exception that ends the load; without the driver's, which may show the statement.</summary>
    public TargetException ToException(string what) => new($"{what}: {Text}", Hint);

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

    private static string? HintFor(PostgresException refused) =>
        refused.SqlState == InternalError && refused.MessageText.Contains("not authorized to assume IAM Role", StringComparison.Ordinal)
            ? "Attach the role to the cluster, and let its trust policy name redshift.amazonaws.com"
        : refused.SqlState == InternalError && refused.MessageText.Contains("S3ServiceException", StringComparison.Ordinal)
            && refused.MessageText.Contains("Status 403", StringComparison.Ordinal)
            ? "COPY reads with the rights it was given: they need s3:GetObject on the staged files and s3:ListBucket on the bucket"
        : refused.SqlState == SqlStates.QueryCanceled
            ? "A time limit of the user or the cluster ended it, or someone cancelled it: SET statement_timeout to '0' in the command lifts the limit, "
                + "a workload queue may have one of its own"
        : refused.SqlState == SqlStates.DiskFull ? "Make room in the cluster"
        : ServerText.Hint(refused);

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

    [GeneratedRegex("stl_load_errors|sys_load_error_detail")]
    private static partial Regex ErrorView();
}

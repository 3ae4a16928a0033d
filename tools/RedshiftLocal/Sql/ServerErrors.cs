using System.Text.RegularExpressions;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>PostgreSQL's errors and notices in Redshift's words.</summary>
public static partial class ServerErrors
{
    /// <summary>The error the client is shown for one of the backing server. The place in the statement is not told: the text was another.</summary>
    public static ServerError Translate(ServerError backing, string? statement)
    {
        ArgumentNullException.ThrowIfNull(backing);
        var error = Reword(Strip(backing));
        return IsSecret(statement) ? error with { Detail = null, Hint = null } : error;
    }

    /// <summary>The notice the client is shown for one of the backing server.</summary>
    public static Notice TranslateNotice(Notice backing)
    {
        ArgumentNullException.ThrowIfNull(backing);
        var message = Strip(backing.Message);
        if (SkippedDrop().Match(message) is { Success: true } drop)
        {
            message = $"{Capital(drop.Groups["kind"].Value)} \"{drop.Groups["name"].Value}\" does not exist and will be skipped";
        }
        else if (SkippedCreate().Match(message) is { Success: true } create)
        {
            message = $"{Capital(create.Groups["kind"].Value)} \"{create.Groups["name"].Value}\" already exists and will be skipped";
        }

        var severity = backing.Severity is "NOTICE" ? "INFO" : backing.Severity;
        return backing with { Message = message, Severity = severity, SqlState = severity is "INFO" ? "00000" : backing.SqlState };
    }

    private static ServerError Reword(ServerError error)
    {
        switch (error.SqlState)
        {
            case "42P07":
                return Simple("42P07", Capital(error.Message));
            case "23502" when NullValue().Match(error.Message) is { Success: true } match:
                return Simple("XX000", $"Cannot insert a NULL value into column {match.Groups["column"].Value}");
            case "22003" when error.Message.StartsWith("numeric field overflow", StringComparison.Ordinal):
                return Simple("XX000", "Numeric data overflow (result precision)");
            case "428C9":
                return Simple("0A000", "cannot set an identity column to a value");
            case "40001":
                return Simple("XX000", "1023") with { Detail = "Serializable isolation violation on table, transactions forming the cycle are unknown" };
            case "21000" when error.Message.StartsWith("MERGE command cannot affect row", StringComparison.Ordinal):
                return Simple("XX000", "Found multiple matches to update the same tuple.");
            case "25P02":
                return Simple("25P02", "current transaction is aborted, commands ignored until end of transaction block");
            case "25P01" when error.Message.StartsWith("DECLARE CURSOR", StringComparison.Ordinal):
                return Simple("25P01", "DECLARE CURSOR may only be used in transaction blocks");
            case "42501" when HiddenCatalog().Match(error.Message) is { Success: true } hidden:
                return Simple("42P01", $"relation \"{hidden.Groups["name"].Value}\" does not exist");
            case "42501" when HiddenSchema().Match(error.Message) is { Success: true } hidden:
                return Simple("3F000", $"schema \"{hidden.Groups["name"].Value}\" does not exist");
            case "42501":
                return error with { Message = PermissionTable().Replace(error.Message, "permission denied for relation ") };
            case "42710":
                return error with { Message = Role().Replace(error.Message, "user ") };
            case "42704":
                return error with { Message = Role().Replace(error.Message, "user ") };
            case "42601" or "42703" or "42P01" or "42702":
                return error with { Hint = null, Detail = null };
            default:
                return error;
        }
    }

    private static ServerError Simple(string sqlState, string message) => new(sqlState, message);

    /// <summary>The stand-in's own schemas are not the client's to see.</summary>
    private static ServerError Strip(ServerError error) => error with
    {
        Message = Strip(error.Message),
        Detail = error.Detail is null ? null : Strip(error.Detail),
        Hint = error.Hint is null ? null : Strip(error.Hint),
    };

    private static string Strip(string text) =>
        text.Replace("rs_catalog.", string.Empty, StringComparison.Ordinal)
            .Replace("rs_information_schema", "information_schema", StringComparison.Ordinal)
            .Replace("permission denied for schema rs_catalog", "no schema has been selected to create in", StringComparison.Ordinal);

    private static bool IsSecret(string? statement) =>
        statement is not null && statement.Contains("password", StringComparison.OrdinalIgnoreCase);

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex("^null value in column \"(?<column>.*?)\" (of relation \".*\" )?violates not-null constraint$", RegexOptions.Singleline)]
    private static partial Regex NullValue();

    [GeneratedRegex("^(?<kind>[a-z ]+) \"(?<name>.*)\" does not exist, skipping$", RegexOptions.Singleline)]
    private static partial Regex SkippedDrop();

    [GeneratedRegex("^(?<kind>[a-z ]+) \"(?<name>.*)\" already exists, skipping$", RegexOptions.Singleline)]
    private static partial Regex SkippedCreate();

    /// <summary>PostgreSQL's own catalogs are closed to clients.</summary>
    [GeneratedRegex("^permission denied for (table|view) (?<name>pg_.*)$", RegexOptions.Singleline)]
    private static partial Regex HiddenCatalog();

    [GeneratedRegex("^permission denied for schema (?<name>rs_internal|rs_information_schema|pg_toast)$")]
    private static partial Regex HiddenSchema();

    [GeneratedRegex("^permission denied for (table|view|sequence) ")]
    private static partial Regex PermissionTable();

    [GeneratedRegex("^role (?=\")")]
    private static partial Regex Role();
}

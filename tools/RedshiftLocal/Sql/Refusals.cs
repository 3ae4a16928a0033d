using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>The errors of statements that Redshift, or this stand-in, does not take.</summary>
internal static class Refusals
{
    public const string OnTables = "Specified types or functions (one per INFO message) not supported on Redshift tables.";

    public static ServerException NotCovered(string what) => new("0A000", $"not covered by this stand-in: {what}");

    public static ServerException Unsupported(string message) => new("0A000", message);

    public static ServerException Command(string statement) => new("0A000", $"SQL command \"{statement}\" not supported on Redshift tables.");

    public static ServerException Syntax(string near) => new("42601", $"syntax error at or near \"{near}\"");

    public static ServerException EndOfInput() => new("42601", "syntax error at end of input");

    public static ServerException NoType(string type) => new("42704", $"type \"{type}\" does not exist");

    public static ServerException NoSchema(string schema) => new("3F000", $"schema \"{schema}\" does not exist");

    public static ServerException NoFunction(string signature) => new(new ServerError("42883", $"function {signature} does not exist")
    {
        Hint = "No function matches the given name and argument types. You may need to add explicit type casts.",
    });

    public static ServerException CannotCast(string from, string to) => new("42846", $"cannot cast type {from} to {to}");

    public static ServerException InBlock(string command) => new("25001", $"{command} cannot run inside a transaction block");

    /// <summary>The refusal that comes with one INFO message for each function.</summary>
    public static ServerException OnTablesWith(IEnumerable<string> functions) => new(new ServerError("0A000", OnTables))
    {
        Notices = [.. functions.Select(function => new Notice($"Function \"{function}\" not supported."))],
    };
}

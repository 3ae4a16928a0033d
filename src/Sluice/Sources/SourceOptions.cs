using Sluice.Commands;
using static Sluice.Commands.OptionDefinition;

namespace Sluice.Sources;

/// <summary>The WITH options, in groups that several sources share.</summary>
internal static class SourceOptions
{
    /// <summary>Every source.</summary>
    public static OptionDefinition[] Common(bool isFile) =>
    [
        Flag("on error stop", "stop at the first row that is refused", "on error", "stop", isFile ? null : "yes"),
        Flag("on error resume next", "set refused rows aside and go on", "on error", "resume", isFile ? "yes" : null),
        Flag("single transaction", "truncate, SQL and rows in one transaction: all or nothing", byDefault: "no"),
        Valued("max errors", OptionKind.ErrorLimit, "stop when more rows, or a larger share of them, are rejected", "no limit"),
        Valued("max row size", OptionKind.Size, "the longest record that is loaded", "64 MB"),
        Valued("workers", OptionKind.Integer, "the connections that write side by side", "chosen by the plan"),
        Valued("concurrency", OptionKind.Integer, "the writers of one table", "chosen by the plan"),
        Valued("batch rows", OptionKind.Integer, "rows of a batch", "100,000"),
        Valued("batch size", OptionKind.Size, "bytes of a batch", "4 MB"),
        Valued("prefetch rows", OptionKind.Integer, "accepted; what is read ahead is bounded by bytes"),
        Valued("batch concurrency", OptionKind.Integer, "an old name of prefetch rows", key: "prefetch rows"),
        Flag("truncate", "empty the target tables first", byDefault: "no"),
        Flag("no truncate", "the opposite of truncate", "truncate", "off"),
        Flag("disable triggers", "no triggers fire while rows are loaded", byDefault: "no"),
        Flag("disable no triggers", "the opposite of disable triggers", "disable triggers", "off"),
    ];

    public static OptionDefinition[] Identifiers { get; } =
    [
        Flag("downcase identifiers", "names become lower-case", "identifiers", "downcase", "yes"),
        Flag("quote identifiers", "names keep their case", "identifiers", "quote"),
        Flag("snake_case identifiers", "camelCase names become snake_case", "identifiers", "snake_case"),
    ];

    public static OptionDefinition[] DropIndexes { get; } =
    [
        Flag("drop indexes", "drop indexes and constraints first, build them again at the end", byDefault: "no"),
        Flag("drop no indexes", "the opposite of drop indexes", "drop indexes", "off"),
        Flag("reindex", "another name of drop indexes", "drop indexes"),
        Valued("max parallel create index", OptionKind.Integer, "indexes that are built side by side", "as many as processors"),
    ];

    /// <summary>CSV, FIXED, COPY.</summary>
    public static OptionDefinition[] Text { get; } =
    [
        Valued("skip header", OptionKind.Integer, "lines to drop from the start of each file", "0"),
        Flag("strict fields", "reject records with too few or too many fields", byDefault: "no"),
        Valued("encoding", OptionKind.Encoding, "the file's encoding, as WITH ENCODING", "utf-8"),
    ];

    /// <summary>CSV, FIXED.</summary>
    public static OptionDefinition[] Values { get; } =
    [
        Valued("null if", OptionKind.NullIf, "a value that means NULL in every field without its own null if"),
        Valued("date format", OptionKind.DateFormat, "for fields whose column is a date or a time"),
    ];

    public static OptionDefinition[] Csv { get; } =
    [
        Flag("csv header", "the first line names the fields", byDefault: "no"),
        Valued("fields terminated by", OptionKind.Separator, "the separator", "guessed, else tab"),
        Valued("fields optionally enclosed by", OptionKind.Separator, "the quote", "\"", "fields enclosed by"),
        Valued("fields enclosed by", OptionKind.Separator, "the same"),
        Flag("fields not enclosed", "there is no quote", "fields enclosed by", "none"),
        Valued("fields escaped by", OptionKind.Escape, "how a quote is written inside quotes", "double-quote"),
        Flag("csv escape mode quote", "only the escape sequence is special", "csv escape mode", "quote", "yes"),
        Flag("csv escape mode following", "the escape character makes any next character literal", "csv escape mode", "following"),
        Valued("lines terminated by", OptionKind.Separator, "the end of a record", "line feed"),
        Flag("trim unquoted blanks", "blanks around unquoted fields are dropped", "unquoted blanks", "trim", "yes"),
        Flag("keep unquoted blanks", "blanks around unquoted fields are kept", "unquoted blanks", "keep"),
    ];

    public static OptionDefinition[] Fixed { get; } = [Flag("fixed header", "the first line names and places the fields", byDefault: "no")];

    public static OptionDefinition[] Copy { get; } =
    [
        Valued("delimiter", OptionKind.Separator, "the delimiter", "tab"),
        Valued("null", OptionKind.Text, "the text that means NULL", @"\N"),
    ];

    /// <summary>DBF, IXF and all databases.</summary>
    public static OptionDefinition[] Tables { get; } =
    [
        Flag("data only", "create nothing, load rows", byDefault: "no"),
        Flag("schema only", "create everything, load no rows", byDefault: "no"),
        Flag("include drop", "drop tables of the same name first", byDefault: "yes"),
        Flag("include no drop", "existing tables are an error", "include drop", "off"),
        Flag("create tables", "create the target tables", byDefault: "yes"),
        Flag("create no tables", "load into existing tables", "create tables", "off"),
    ];

    /// <summary>DBF, IXF.</summary>
    public static OptionDefinition[] SingleTable { get; } =
    [
        Flag("create table", "the same as create tables", "create tables"),
        Valued("table name", OptionKind.TableName, "the target table, as TARGET TABLE"),
    ];

    public static OptionDefinition[] Dbf { get; } = [Valued("encoding", OptionKind.Encoding, "the file's encoding, as WITH ENCODING",
        "the file's own")];

    public static OptionDefinition[] Ixf { get; } = [Valued("timezone", OptionKind.TimeZone, "the zone of the file's timestamps", "UTC")];

    /// <summary>All databases.</summary>
    public static OptionDefinition[] Database { get; } =
    [
        Flag("create schemas", "create the source's schemas", byDefault: "yes"),
        Flag("create no schemas", "the schemas exist", "create schemas", "off"),
        Flag("drop schema", "DROP SCHEMA … CASCADE first", byDefault: "no"),
        Flag("create indexes", "create indexes after the rows", byDefault: "yes"),
        Flag("create no indexes", "no indexes", "create indexes", "off"),
        Flag("uniquify index names", "index names begin with idx_ and the table's name", "index names", "uniquify", "yes"),
        Flag("preserve index names", "index names stay as they are", "index names", "preserve"),
        Flag("reset sequences", "set sequences to the largest value", byDefault: "yes"),
        Flag("reset no sequences", "leave sequences alone", "reset sequences", "off"),
        Flag("foreign keys", "create foreign keys", byDefault: "yes"),
        Flag("no foreign keys", "no foreign keys", "foreign keys", "off"),
    ];

    public static OptionDefinition[] MySql { get; } =
    [
        Flag("single reader per thread", "one reader for each table", "readers", "single", "yes"),
        Flag("multiple readers per thread", "several readers for each table, by ranges of its key", "readers", "multiple"),
        Flag("multiple reader per thread", "the same", "readers", "multiple"),
        Valued("rows per range", OptionKind.Integer, "rows of such a range", "10,000"),
        Flag("exact types", "integers exactly as declared, DATETIME as timestamp", byDefault: "no"),
    ];

    public static OptionDefinition[] SourceEncoding { get; } = [Valued("encoding", OptionKind.Encoding,
        "the encoding of the source's text")];
}

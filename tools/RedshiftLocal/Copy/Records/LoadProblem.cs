namespace RedshiftLocal.Copy.Records;

/// <summary>Why a record does not load: a code of the load error reference, its text, and the 0-based byte of the field or record.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html</remarks>
internal sealed record LoadProblem(int Code, string Reason, int Position = 0)
{
    public static LoadProblem DelimiterMissing { get; } = new(1214, "Delimiter not found");

    public static LoadProblem ExtraColumns { get; } = new(1202, "Extra column(s) found");

    public static LoadProblem MissingColumns { get; } = new(1203, "Input data had fewer columns than the table");

    public static LoadProblem EmptyLine { get; } = new(1211, "Line contains no data");

    public static LoadProblem NotNull { get; } = new(1213, "Missing data for not-null field");

    public static LoadProblem NulNotAlone { get; } = new(1218, "Invalid null byte - field longer than 1 byte");

    public static LoadProblem RecordTooLong { get; } = new(1216, "Input line is longer than 4194304 bytes");
}

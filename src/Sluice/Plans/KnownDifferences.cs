using System.Text.RegularExpressions;
using Sluice.Casts;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Plans;

/// <summary>
/// What a command uses that pgloader answers with another result, as far as the command shows it. docs/differences.md marks the same.
/// </summary>
internal static partial class KnownDifferences
{
    public const string NullIfForAll = "`null if` of `WITH`";
    public const string SeveralNullIf = "several `null if` of a field";
    public const string Meridian = "`AM`, `PM` in date formats";
    public const string OnErrorStop = "`on error stop`";
    public const string EscapedByQuote = "`fields escaped by double-quote`, `backslash-quote`";
    public const string EncodingOfInput = "encoding of standard input";
    public const string InlineStart = "`INLINE` data";
    public const string FileName = "data file names";
    public const string NullInFunctions = "NULL in functions of text and numbers";
    public const string LastStatement = "SQL files";

    /// <summary>What is done here, by the subject that the documentation has it under.</summary>
    public static IReadOnlyDictionary<string, string> Messages { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [NullIfForAll] = "null if counts for every field; in pgloader only for the fields of a written list",
        [SeveralNullIf] = "each null if of a field counts; in pgloader only the first one",
        [Meridian] = "AM and PM of a date format are read from the data; pgloader takes those of the format",
        [OnErrorStop] = "on error stop keeps the rows that precede the refused one; pgloader rolls its transaction back",
        [EscapedByQuote] = "quotes are escaped as fields enclosed by says; in pgloader double-quote and backslash-quote mean \"",
        [EncodingOfInput] = "the encoding counts for standard input too; pgloader ignores it there",
        [InlineStart] = "INLINE data begins on the line after the ; and pgloader shifts it, since letters outside ASCII precede it",
        [FileName] = "the data file is opened as written; pgloader adds the extension of the load file to a name without one",
        [NullInFunctions] = "NULL stays NULL in the functions of USING; pgloader makes the text NIL of it",
        [LastStatement] = "the last statement of an SQL file runs without its semicolon too; pgloader drops it",
    };

    public static Diagnostic Note(string subject, Place place) => new(DiagnosticSeverity.Note, place.Source, place.Span, Messages[subject]);

    /// <summary>Each difference once, in the order of the documentation.</summary>
    public static IEnumerable<Diagnostic> Of(FileLoadSpec spec, BoundOptions options)
    {
        if (spec.Location is FileLocation.Inline && spec.Text.Text.AsSpan(0, spec.Span.End).ContainsAnyExceptInRange('\0', '\x7f'))
        {
            yield return Note(InlineStart, At(spec.Location.Span));
        }

        if (spec.Location is FileLocation.LocalFile file && !Path.GetFileName(file.Path).Contains('.', StringComparison.Ordinal)
            && !spec.Text.Text.AsSpan(spec.Location.Span.Start, spec.Location.Span.Length).TrimStart("'\"").StartsWith("/"))
        {
            yield return Note(FileName, At(spec.Location.Span));
        }

        if (options["on error"] is { Word: "stop" } stop)
        {
            yield return Note(OnErrorStop, stop.Place);
        }

        if (options["null if"] is { } nullIf && spec.Fields.IsEmpty)
        {
            yield return Note(NullIfForAll, nullIf.Place);
        }

        if (spec.Fields.FirstOrDefault(field => field.NullIf.Length > 1) is { } several)
        {
            yield return Note(SeveralNullIf, At(several.Span));
        }

        if (spec.Location is FileLocation.Stdin && spec.EncodingName is not null)
        {
            yield return Note(EncodingOfInput, At(spec.Location.Span));
        }

        if (spec.Csv is { Quote: not (null or "\"") } && options["fields escaped by"] is { Text: "\"\"" or "\\\"" } escape)
        {
            yield return Note(EscapedByQuote, escape.Place);
        }

        if (spec.Columns.FirstOrDefault(column => column.Using is { } expression && CallsFunction(expression)) is { } computed)
        {
            yield return Note(NullInFunctions, At(computed.Using!.Span)); // it was found by its expression
        }

        if (spec.Fields.FirstOrDefault(field => field.DateFormat is { } format && Meridians().IsMatch(format)) is { } dated)
        {
            yield return Note(Meridian, At(dated.Span));
        }
        else if (options["date format"] is { Text: { } template } option && Meridians().IsMatch(template))
        {
            yield return Note(Meridian, option.Place);
        }

        Place At(TextSpan span) => new(spec.Text, span);
    }

    // Transforms treat NULL alike.
    private static bool CallsFunction(SExpression expression) => expression is SExpression.List list
        && ((list.Items.FirstOrDefault() is SExpression.Symbol function && !TransformCatalog.Exists(function.Name)) || list.Items.Any(CallsFunction));

    [GeneratedRegex(@"[AaPp]\.?[Mm]")]
    private static partial Regex Meridians();
}

using System.Text.RegularExpressions;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Tests.Architecture;

namespace Sluice.Tests.Plans;

public sealed partial class KnownDifferencesTests : IDisposable
{
    private const string Into = "INTO postgresql:///db?t";

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-differences").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData($"LOAD CSV FROM x.csv {Into} WITH null if 'NA'", KnownDifferences.NullIfForAll)]
    [InlineData($"LOAD CSV FROM x.csv (a) {Into} WITH null if 'NA'", null)]
    [InlineData($"LOAD CSV FROM x.csv (a [null if 'x', null if 'y']) {Into}", KnownDifferences.SeveralNullIf)]
    [InlineData($"LOAD CSV FROM x.csv (a [null if 'x']) {Into}", null)]
    [InlineData($"LOAD CSV FROM x.csv (a [date format 'HH12:MI AM']) {Into}", KnownDifferences.Meridian)]
    [InlineData($"LOAD CSV FROM x.csv {Into} WITH date format 'HH12:MI p.m.'", KnownDifferences.Meridian)]
    [InlineData($"LOAD CSV FROM x.csv {Into} WITH date format 'YYYY-MM-DD'", null)]
    [InlineData($"LOAD CSV FROM x.csv {Into} WITH on error stop", KnownDifferences.OnErrorStop)]
    [InlineData($"LOAD CSV FROM x.csv {Into} WITH on error resume next", null)]
    [InlineData($"LOAD CSV FROM x.csv {Into} WITH fields enclosed by '%', fields escaped by double-quote", KnownDifferences.EscapedByQuote)]
    [InlineData($"LOAD CSV FROM x.csv {Into} WITH fields enclosed by '\"', fields escaped by backslash-quote", null)]
    [InlineData($"LOAD CSV FROM stdin WITH ENCODING latin1 {Into}", KnownDifferences.EncodingOfInput)]
    [InlineData($"LOAD CSV FROM x.csv WITH ENCODING latin1 {Into}", null)]
    [InlineData($"-- é\nLOAD CSV FROM INLINE {Into};\n", KnownDifferences.InlineStart)]
    [InlineData($"LOAD CSV FROM INLINE {Into};\né\n", null)]
    [InlineData($"LOAD CSV FROM 'data' {Into}", KnownDifferences.FileName)]
    [InlineData($"LOAD CSV FROM '/tmp/data' {Into}", null)]
    [InlineData($"LOAD CSV FROM x.csv (a) {Into} (a text using (string-upcase a))", KnownDifferences.NullInFunctions)]
    [InlineData($"LOAD CSV FROM x.csv (a) {Into} (a text using (zero-dates-to-null a))", null)]
    [InlineData($"LOAD CSV FROM x.csv {Into} BEFORE LOAD EXECUTE 'open.sql'", KnownDifferences.LastStatement)]
    [InlineData($"LOAD CSV FROM x.csv {Into} BEFORE LOAD EXECUTE 'ended.sql'", null)]
    public void A_command_whose_result_differs_has_one_note(string text, string? subject)
    {
        File.WriteAllText(Path.Combine(_folder, "open.sql"), "select 1;\nselect 2 -- end\n");
        File.WriteAllText(Path.Combine(_folder, "ended.sql"), "select 1;\nselect 2; -- end\n");
        var path = Path.Combine(_folder, "x.load");
        File.WriteAllText(path, text);
        var spec = Assert.Single(new CommandReader(_ => null).ReadFiles([path]));
        Assert.Equal(subject is null ? [] : [KnownDifferences.Messages[subject]], spec.Diagnostics.Select(note => note.Message));
        Assert.All(spec.Diagnostics, note => Assert.Equal(DiagnosticSeverity.Note, note.Severity));
    }

    [Fact]
    public void The_documentation_marks_the_same()
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "differences.md"));
        Assert.Equal(KnownDifferences.Messages.Keys.Order(StringComparer.Ordinal),
            Marked().Matches(text).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| (.+) † \|", RegexOptions.Multiline)]
    private static partial Regex Marked();
}

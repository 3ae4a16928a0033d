using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Tests.Commands;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("a {{X}} b", "a <&\"$'> b")]
    [InlineData("{{{X}}}{{& X }}", "<&\"$'><&\"$'>")]
    [InlineData("a{{! {comment} }}b", "ab")]
    [InlineData("{{#X}}yes{{/X}}{{^X}}no{{/X}}{{#N}}never {{unknown}}{{/N}}", "yes")]
    [InlineData("{{^E}}empty{{/E}}", "empty")]
    [InlineData("{ {x} }", "{ {x} }")]
    [InlineData("'{{1,2},{3,4}}'", "'{{1,2},{3,4}}'")]
    [InlineData("'{{{1,2}}}'", "'{{{1,2}}}'")]
    public void Variables_sections_and_comments_are_rendered(string text, string expected)
    {
        var rendered = Template.Render(text, Lookup, ["X"]);
        Assert.Equal(expected, rendered.Text);
        Assert.Empty(rendered.Faults);
    }

    [Theory]
    [InlineData("a {{Y}}", "Unknown template variable 'Y'", 2)]
    [InlineData("a {{}}", "This template tag names no variable", 2)]
    [InlineData("a {{X", "This template tag is never closed", 2)]
    [InlineData("{{#X}}", "The template section 'X' is never closed", 0)]
    [InlineData("{{/X}}", "The template section 'X' is closed here but not open", 0)]
    [InlineData("{{> X}}", "Partials and changes of delimiters are not available in templates", 0)]
    public void What_cannot_be_rendered_is_a_fault_with_its_place(string text, string message, int place)
    {
        var fault = Assert.Single(Template.Render(text, Lookup, ["X"]).Faults);
        Assert.Equal((message, place), (fault.Message, fault.Span.Start));
    }

    [Fact]
    public void A_place_in_the_rendered_text_leads_back_to_the_original()
    {
        const string text = "a{{! c }}b{{X}}c{{X}}d";
        var rendered = Template.Render(text, Lookup, []);
        Assert.Equal("ab<&\"$'>c<&\"$'>d", rendered.Text);
        Assert.Equal([0, 9, 15, 21], new[] { 0, 1, 8, 15 }.Select(rendered.OriginalOffset));
    }

    [Fact]
    public void Values_of_password_variables_are_secrets()
    {
        var rendered = Template.Render("x {{DB_PASSWORD}} {{X}}", name => name == "X" ? "1" : "s3cret", []);
        Assert.Equal(new TextSpan(2, 6), Assert.Single(rendered.Secrets));
    }

    [Fact]
    public void A_context_file_is_flattened_and_its_keys_are_upper_cased()
    {
        var values = ContextFile.Parse(new SourceText("c.ini",
            "# comment\n[one]\nname = a = b\n[two]\nother: \" c \"\n; x\n\npath=/x:y\n"));
        Assert.Equal(["NAME=a = b", "OTHER= c ", "PATH=/x:y"],
            values.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_bad_line_of_a_context_file_is_refused_with_its_place() =>
        Assert.Equal("c.ini:2:1: Expected key = value in the context file\n    nonsense\n    ^^^^^^^^\n",
            Assert.Throws<CommandException>(() => ContextFile.Parse(new SourceText("c.ini", "a=b\nnonsense\n"))).Diagnostic.ToString());

    [Fact]
    public void A_missing_context_file_is_an_error() =>
        Assert.Equal("Cannot read the context file /nowhere/c.ini: there is no such file",
            Assert.Throws<SourceException>(() => ContextFile.Read("/nowhere/c.ini")).Message);

    private static string? Lookup(string name) => name switch
    {
        "X" => "<&\"$'>",
        "E" => "",
        _ => null,
    };
}

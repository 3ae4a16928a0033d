namespace Sluice.Diagnostics;

/// <summary>A finding in a command: what is wrong, where, and what to do next.</summary>
/// <param name="Severity">An error stops the command; warnings and notes are printed.</param>
/// <param name="Source">The text the span points into.</param>
/// <param name="Span">The words at fault.</param>
/// <param name="Message">What is wrong: sentence case, no final full stop needed, never a secret.</param>
/// <param name="Hint">What to do next, or null.</param>
public sealed record Diagnostic(DiagnosticSeverity Severity, SourceText Source, TextSpan Span, string Message, string? Hint = null)
{
    /// <summary><c>file:line:column: message</c>, the source line, a caret line and the hint, each on its own line.</summary>
    public void Render(TextWriter output)
    {
        var (line, column) = Source.Position(Span.Start);
        var severity = Severity == DiagnosticSeverity.Error ? "" : Severity == DiagnosticSeverity.Warning ? "warning: " : "note: ";
        output.WriteLine($"{Source.Name}:{line}:{column}: {severity}{Message}");
        var (text, index) = Source.MaskedLineAt(Span.Start);
        output.WriteLine($"    {Printable.Escape(text, keepTabs: true)}");
        var lead = string.Concat(Printable.Escape(text[..index], keepTabs: true).Select(c => c == '\t' ? '\t' : ' '));
        var end = Source.Position(Span.End).Line == line ? Source.MaskedLineAt(Span.End).Index : text.Length;
        var carets = Math.Clamp(end - index, 1, 200);
        output.WriteLine($"    {lead}{new string('^', carets)}");
        if (Hint is not null)
        {
            output.WriteLine($"  hint: {Hint}");
        }
    }

    public override string ToString()
    {
        using var output = new StringWriter { NewLine = "\n" };
        Render(output);
        return output.ToString();
    }
}

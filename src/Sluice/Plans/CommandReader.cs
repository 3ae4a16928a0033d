using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Plans;

/// <summary>Reads command files: templates, commands and what they mean, before anything runs.</summary>
/// <remarks>Template variables come from the context, then from the environment.</remarks>
public sealed class CommandReader(Func<string, string?> environment, IReadOnlyDictionary<string, string>? context = null)
{
    private const int MaxErrors = 5;

    private readonly IReadOnlyDictionary<string, string> _context = context ?? ImmutableDictionary<string, string>.Empty;

    /// <summary>Reads all commands of all files; the first error of any stops all of them.</summary>
    /// <exception cref="CommandException">Something is wrong in a command; further errors are in its Others.</exception>
    /// <exception cref="SourceException">A command file, or a file that a command names, cannot be read.</exception>
    public ImmutableArray<LoadSpec> ReadFiles(IEnumerable<string> paths) =>
        Collect(paths.Select(path => (Func<List<Diagnostic>, List<LoadSpec>>)(findings => ReadFile(path, findings))));

    /// <summary>Reads the commands of a text that is no file. Relative names are resolved against the folder.</summary>
    /// <exception cref="CommandException">Something is wrong in a command; further errors are in its Others.</exception>
    /// <exception cref="SourceException">A file that a command names cannot be read.</exception>
    public ImmutableArray<LoadSpec> ReadText(string name, string text, string baseDirectory) =>
        Collect([findings => Read(name, null, text, baseDirectory, int.MaxValue, 0, findings)]);

    private static ImmutableArray<LoadSpec> Collect(IEnumerable<Func<List<Diagnostic>, List<LoadSpec>>> readings)
    {
        var findings = new List<Diagnostic>();
        var specs = ImmutableArray.CreateBuilder<LoadSpec>();
        SourceException? missing = null;
        foreach (var reading in readings)
        {
            try
            {
                specs.AddRange(reading(findings));
            }
            catch (SourceException error)
            {
                missing ??= error;
            }
        }

        return findings.Count > 0
            ? throw new CommandException(findings[0], [.. findings.Skip(1).Take(MaxErrors - 1)])
            : missing is not null ? throw missing : specs.ToImmutable();
    }

    private List<LoadSpec> ReadFile(string path, List<Diagnostic> findings)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (FileFault.Is(error))
        {
            throw new SourceException($"Cannot read the command file {Printable.Escape(path)}: {FileFault.Reason(path, error)}", null,
                error);
        }

        var mark = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        var text = Decode(bytes.AsSpan(mark), out var validChars);
        return Read(path, Path.GetFullPath(path), text, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", validChars, mark, findings);
    }

    // Data after an inline command need not be UTF-8: what is not becomes U+FFFD and counts only when it is part of a command.
    private static string Decode(ReadOnlySpan<byte> bytes, out int validChars)
    {
        var chars = new char[bytes.Length];
        var status = Utf8.ToUtf16(bytes, chars, out _, out validChars, replaceInvalidSequences: false);
        if (status == OperationStatus.Done)
        {
            validChars = int.MaxValue;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private List<LoadSpec> Read(string name, string? path, string text, string baseDirectory, int validChars, int markBytes,
        List<Diagnostic> findings)
    {
        var rendered = Template.Render(text, variable => _context.GetValueOrDefault(variable) ?? environment(variable), _context.Keys);
        var source = new SourceText(name, rendered.Text, rendered.Secrets);
        var parser = new Parser(source);
        var commands = parser.ParseAll();
        var end = commands is [.., { Source: SourceSyntax.Inline } last] && parser.Errors.Count == 0 ? last.End : source.Text.Length;
        var errors = Unreadable(source, rendered, validChars, end)
            .Concat(rendered.Faults.Where(fault => fault.Span.Start < end)
                .Select(fault => new Diagnostic(DiagnosticSeverity.Error, source, fault.Span, fault.Message, fault.Hint)))
            .Take(MaxErrors).ToList();

        if (errors.Count > 0)
        {
            // A tag that could not be filled in makes the words around it wrong as well.
            findings.AddRange(errors.OrderBy(error => error.Span.Start));
            return [];
        }

        errors.AddRange(parser.Errors);
        var binderContext = new BinderContext
        {
            Text = source,
            BaseDirectory = baseDirectory,
            CommandPath = path,
            ByteOffset = offset =>
                markBytes + Encoding.UTF8.GetByteCount(text.AsSpan(0, Math.Min(rendered.OriginalOffset(offset), text.Length))),
        };
        var specs = new List<LoadSpec>();
        SourceException? missing = null;
        foreach (var command in commands)
        {
            try
            {
                specs.Add(Binder.Bind(binderContext, command, errors));
            }
            catch (SourceException error)
            {
                missing ??= error;
            }
        }

        findings.AddRange(errors.OrderBy(error => error.Span.Start));
        return errors.Count == 0 && missing is not null ? throw missing : specs;
    }

    private static IEnumerable<Diagnostic> Unreadable(SourceText source, RenderedTemplate rendered, int validChars, int end)
    {
        if (source.Text.IndexOf('\0', StringComparison.Ordinal) is var nul and >= 0 && nul < end)
        {
            yield return new Diagnostic(DiagnosticSeverity.Error, source, new TextSpan(nul, 1), "A command cannot hold a NUL character");
        }

        var fault = source.Text.IndexOf('\uFFFD', StringComparison.Ordinal);
        while (fault >= 0 && rendered.OriginalOffset(fault) < validChars)
        {
            fault = source.Text.IndexOf('\uFFFD', fault + 1);
        }

        if (validChars != int.MaxValue && fault >= 0 && fault < end)
        {
            yield return new Diagnostic(DiagnosticSeverity.Error, source, new TextSpan(fault, 1), "This byte is not UTF-8",
                "command files are UTF-8; the encoding of the data is set by WITH ENCODING");
        }
    }
}

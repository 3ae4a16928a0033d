using System.Collections.Immutable;

namespace Sluice.Diagnostics;

/// <summary>An error that a user can meet. Anything that is not one of these is a bug of ours.</summary>
public abstract class SluiceException(ExitCode exitCode, string message, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    public ExitCode ExitCode { get; } = exitCode;

    /// <summary>What to do next, or null.</summary>
    public string? Hint { get; } = hint;
}

/// <summary>The command line is wrong.</summary>
public sealed class UsageException(string message, string? hint = null) : SluiceException(ExitCode.Usage, message, hint);

/// <summary>A command cannot be understood or bound; nothing was touched.</summary>
public sealed class CommandException(Diagnostic diagnostic, ImmutableArray<Diagnostic> others = default)
    : SluiceException(ExitCode.BadCommand, diagnostic.Message, diagnostic.Hint)
{
    public Diagnostic Diagnostic { get; } = diagnostic;

    /// <summary>Further errors in the same commands, in the order of the text.</summary>
    public ImmutableArray<Diagnostic> Others { get; } = others.IsDefault ? [] : others;
}

/// <summary>A file or source server cannot be read.</summary>
public sealed class SourceException(string message, string? hint = null, Exception? inner = null)
    : SluiceException(ExitCode.LoadFailed, message, hint, inner);

/// <summary>The target server refused something, or is gone.</summary>
public sealed class TargetException(string message, string? hint = null, Exception? inner = null)
    : SluiceException(ExitCode.LoadFailed, message, hint, inner);

/// <summary>The load was stopped by its own rules: on error stop, max errors, a full disk for the reject files.</summary>
public sealed class LoadStoppedException(string message, string? hint = null, Exception? inner = null)
    : SluiceException(ExitCode.LoadFailed, message, hint, inner)
{
    /// <summary>The record that was one too many, as <c>file:line</c>; null when it was something else.</summary>
    public string? Place { get; init; }
}

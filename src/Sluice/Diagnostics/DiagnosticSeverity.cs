namespace Sluice.Diagnostics;

/// <summary>Whether a diagnostic stops the command.</summary>
public enum DiagnosticSeverity
{
    Note,
    Warning,
    Error,
}

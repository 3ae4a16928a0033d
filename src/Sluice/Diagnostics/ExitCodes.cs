namespace Sluice.Diagnostics;

/// <summary>Orders exit codes by how bad they are.</summary>
public static class ExitCodes
{
    private static readonly ExitCode[] MildestFirst =
    [
        ExitCode.Success, ExitCode.RowsRejected, ExitCode.VerificationDiffers, ExitCode.RegressionDiffers,
        ExitCode.BadCommand, ExitCode.Usage, ExitCode.LoadFailed, ExitCode.Terminated, ExitCode.Interrupted,
    ];

    /// <summary>The worse of two exit codes.</summary>
    public static ExitCode Worst(ExitCode left, ExitCode right) =>
        Array.IndexOf(MildestFirst, left) >= Array.IndexOf(MildestFirst, right) ? left : right;
}

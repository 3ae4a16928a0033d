namespace Sluice.Diagnostics;

/// <summary>What the process returns; of several commands the worst counts (see <see cref="ExitCodes.Worst"/>).</summary>
public enum ExitCode
{
    /// <summary>Everything was loaded; an empty file too.</summary>
    Success = 0,

    /// <summary>Something failed once files and servers were touched.</summary>
    LoadFailed = 1,

    /// <summary>The command line itself is wrong.</summary>
    Usage = 2,

    /// <summary>The load finished and some rows were set aside.</summary>
    RowsRejected = 3,

    /// <summary>A command is wrong, known before any file or server was touched.</summary>
    BadCommand = 4,

    /// <summary>The loaded table differs from the expected one (<c>--regress</c>).</summary>
    RegressionDiffers = 5,

    /// <summary>Source and target differ after the load.</summary>
    VerificationDiffers = 6,

    /// <summary>Stopped by Ctrl-C (SIGINT).</summary>
    Interrupted = 130,

    /// <summary>Stopped by SIGTERM.</summary>
    Terminated = 143,
}

namespace Sluice.Benchmarks.Measuring;

/// <summary>What one run of a program cost.</summary>
/// <param name="Wall">From start to end.</param>
/// <param name="ClientCpu">User and system time of the program and what it started.</param>
/// <param name="ServerCpu">User and system time of all the server's processes; zero when there is none.</param>
/// <param name="PeakBytes">The program's largest resident set; with what it starts, theirs together.</param>
/// <param name="ExitCode">As the program ended.</param>
/// <param name="Output">Standard output and error.</param>
public sealed record Measurement(double Wall, double ClientCpu, double ServerCpu, long PeakBytes, int ExitCode, string Output);

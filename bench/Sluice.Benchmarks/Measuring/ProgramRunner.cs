using System.Diagnostics;
using System.Text;

namespace Sluice.Benchmarks.Measuring;

/// <summary>Runs a program and measures it. One at a time: the processor time of ended children is this process's as a whole.</summary>
public sealed class ProgramRunner(int? serverProcess)
{
    public async Task<Measurement> RunAsync(string program, IReadOnlyList<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Environment.CurrentDirectory,
        };
        var serverBefore = ServerCpu();
        var clientBefore = ProcessTimes.EndedChildren();
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = new StringBuilder();
        process.OutputDataReceived += (_, e) => Append(output, e.Data);
        process.ErrorDataReceived += (_, e) => Append(output, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // VmHWM only grows, so a sample every 10 ms misses no peak but one in the last instant.
        long peak = 0;
        var exited = process.WaitForExitAsync();
        while (!exited.IsCompleted)
        {
            peak = Math.Max(peak, ProcessTimes.PeakOfAll(process.Id));
            await Task.WhenAny(exited, Task.Delay(10));
        }

        var wall = clock.Elapsed.TotalSeconds;
        await exited;

        // The backends end a moment after their client.
        await Task.Delay(200);
        return new Measurement(
            wall, ProcessTimes.EndedChildren() - clientBefore, ServerCpu() - serverBefore, peak, process.ExitCode, output.ToString());
    }

    private double ServerCpu() => serverProcess is int id ? ProcessTimes.Tree(id) : 0;

    private static void Append(StringBuilder output, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.AppendLine(line);
        }
    }
}

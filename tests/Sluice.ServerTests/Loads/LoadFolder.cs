using System.Diagnostics;
using System.Text;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>A temporary folder with data and command files, in which the real program is run.</summary>
public sealed class LoadFolder : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The program, of a build of its own: the tests' folder lacks what their web server's framework brings along.</summary>
    public static string Program { get; } = ProgramOf(System.IO.Path.GetFileName(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar)));

    /// <summary>The program with buffers of their real sizes, for tests with many rows.</summary>
    public static string ReleaseProgram { get; } = ProgramOf("release");

    public string Path { get; } = Directory.CreateTempSubdirectory("sluice-load-").FullName;

    /// <summary>Where the reject files of <see cref="RunAsync"/> go.</summary>
    public string Root => this["root"];

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public LoadFolder With(string name, string text) => With(name, Encoding.UTF8.GetBytes(text));

    public LoadFolder With(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this;
    }

    /// <summary>Writes <c>test.load</c> with the command and runs it.</summary>
    public Task<ProgramResult> LoadAsync(string command, CancellationToken ct) =>
        With("test.load", command).RunAsync(["test.load"], ct);

    /// <summary>Loads <c>data.csv</c> with a plain command: <paramref name="options"/> follow WITH.</summary>
    public Task<ProgramResult> LoadCsvAsync(TestDatabase database, string table, string options, CancellationToken ct, string clauses = "") =>
        LoadAsync($"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE {table} WITH fields terminated by ','{(options.Length > 0 ? ", " + options : "")} {clauses};", ct);

    /// <summary>Runs the program with buffers of their real sizes.</summary>
    public async Task<ProgramResult> RunReleaseAsync(IEnumerable<string> arguments, CancellationToken ct)
    {
        Assert.SkipUnless(File.Exists(ReleaseProgram) || Environment.GetEnvironmentVariable("CI") == "true", "needs the Release build");
        using var process = Start(ReleaseProgram, ["--root-dir", Root, .. arguments], isPrivileged: true, []);
        return await FinishAsync(process, null, ct);
    }

    public async Task<ProgramResult> RunAsync(
        IEnumerable<string> arguments, CancellationToken ct, string? input = null, params (string Name, string Value)[] environment)
    {
        using var process = Start(["--root-dir", Root, .. arguments], environment);
        return await FinishAsync(process, input, ct);
    }

    /// <summary>Starts the program without waiting for it.</summary>
    public Process Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment) => Start(arguments, isPrivileged: true, environment);

    /// <summary>The same; without privileges even root may not read every file.</summary>
    public Process Start(IEnumerable<string> arguments, bool isPrivileged, params (string Name, string Value)[] environment) =>
        Start(Program, arguments, isPrivileged, environment);

    public static async Task<ProgramResult> FinishAsync(Process process, string? input, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended without reading its input: what it says is the result.
            }

            await process.WaitForExitAsync(limit.Token);
            return new ProgramResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>A reject file of the only database and table that has one, as text; empty when there is none.</summary>
    public string Rejects(string extension)
    {
        var files = Directory.Exists(Root) ? Directory.GetFiles(Root, "*." + extension, SearchOption.AllDirectories) : [];
        return files.Where(file => System.IO.Path.GetFileName(file) != "sluice.log").Select(File.ReadAllText).SingleOrDefault("");
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string ProgramOf(string configuration) =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(AppContext.BaseDirectory, "..", "..", "Sluice.Cli", configuration, "sluice"));

    private Process Start(string program, IEnumerable<string> arguments, bool isPrivileged, (string Name, string Value)[] environment)
    {
        string[] command = isPrivileged || Environment.UserName != "root"
            ? [program, .. arguments]
            : ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--", program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!; // null only for shell execution
    }
}

/// <summary>What a run of the program gave.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public string All => Output + Error;

    public ProgramResult ExitsWith(int code)
    {
        Assert.True(ExitCode == code, $"exit {ExitCode}, expected {code}\n--- stdout\n{Output}\n--- stderr\n{Error}");
        Assert.DoesNotContain("   at Sluice.", All, StringComparison.Ordinal);
        return this;
    }

    public ProgramResult Says(string text)
    {
        Assert.True(All.Contains(text, StringComparison.Ordinal), $"not said: {text}\n--- stdout\n{Output}\n--- stderr\n{Error}");
        return this;
    }

    public ProgramResult DoesNotSay(string text)
    {
        Assert.DoesNotContain(text, All, StringComparison.Ordinal);
        return this;
    }
}

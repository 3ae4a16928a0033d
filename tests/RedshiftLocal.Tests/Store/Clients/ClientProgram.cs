using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit.Sdk;

namespace RedshiftLocal.Tests.Store.Clients;

/// <summary>What a client's program said.</summary>
internal sealed record ClientResult(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Errors}";
}

/// <summary>
/// Runs programs that nobody here wrote. eng/ensure-clients.sh installs them; one that is missing skips the test, and fails it
/// with CI=true.
/// </summary>
internal static class ClientProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    /// <summary>The folder that npm's packages were installed in.</summary>
    public static string NodeModules([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../../build/cache/clients/node_modules"));

    public static string RequireProgram(string name)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Prepend("/usr/bin")
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        Require(path is not null, name);
        return path!;
    }

    public static void Require(bool isThere, string name)
    {
        var message = $"{name} is missing: run eng/ensure-clients.sh";
        if (!isThere && Environment.GetEnvironmentVariable("CI") == "true")
        {
            throw new XunitException(message);
        }

        Assert.SkipUnless(isThere, message);
    }

    /// <summary>Debian's Python, when it has the module.</summary>
    public static async Task<string> RequirePythonAsync(string module)
    {
        var python = RequireProgram("python3");
        var probe = await RunAsync(python, ["-c", $"import {module}"]);
        Require(probe.ExitCode == 0, $"python3-{module}");
        return python;
    }

    /// <summary>Node.js, when it has the package.</summary>
    public static string RequireNode(string package)
    {
        var node = RequireProgram("node");
        Require(Directory.Exists(Path.Combine(NodeModules(), package)), $"npm's {package}");
        return node;
    }

    public static async Task<ClientResult> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new ClientResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

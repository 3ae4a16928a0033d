using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>How long <c>sluice --version</c> takes, against a .NET program that prints one line.</summary>
public sealed class StartUp(BenchOptions options)
{
    private const int Runs = 40;
    private const double Goal = 1.5;

    private readonly ProgramRunner _runner = new(null);

    public async Task<int> RunAsync()
    {
        var hello = await BuildHelloAsync();
        var programs = new List<(string Name, string Program, string[] Arguments)>
        {
            ("trivial .NET program", hello, []),
            ("sluice --version", Path.GetFullPath(options.Sluice), ["--version"]),
        };
        if (Programs.Find("pgloader") is { } pgloader)
        {
            programs.Add(("pgloader --version", pgloader, ["--version"]));
        }

        var times = programs.ToDictionary(program => program.Name, _ => new List<Measurement>());
        for (var run = 0; run < Runs; run++)
        {
            foreach (var (name, program, arguments) in programs)
            {
                times[name].Add(await _runner.RunAsync(program, arguments));
            }
        }

        double Median(string name) => times[name].Select(time => time.Wall * 1000).Order().ElementAt(Runs / 2);
        var trivial = Median(programs[0].Name);
        var page = new StringBuilder("| program | median ms | least ms | × trivial | peak MB |\n|---|--:|--:|--:|--:|\n");
        foreach (var (name, _, _) in programs)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {name} | {Median(name):0.0} | {times[name].Min(time => time.Wall * 1000):0.0} | {Median(name) / trivial:0.00} | {times[name].Max(time => time.PeakBytes) / 1e6:0} |\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"\n{Runs} runs of each, in turn. Goal: sluice within {Goal} × the trivial program.\n");
        Console.WriteLine(page);
        var versions = new List<(string, string)> { (".NET", Environment.Version.ToString()), ("processor", Programs.ProcessorModel()) };
        var data = programs.Select(program => new { program.Name, MedianMs = Median(program.Name), Ratio = Median(program.Name) / trivial });
        Console.WriteLine("Kept in " + new Report(options.Results, "start-up", versions).Write(page.ToString(), data));
        return Median("sluice --version") / trivial <= Goal ? 0 : 1;
    }

    private async Task<string> BuildHelloAsync()
    {
        var folder = Path.Combine(options.Folder, "hello");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "hello.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine(\"hello\");");
        var built = await _runner.RunAsync("dotnet", ["publish", "-c", "Release", "-v", "q", "-o", Path.Combine(folder, "out")], folder);
        return built.ExitCode == 0 ? Path.Combine(folder, "out", "hello") : throw new InvalidOperationException(built.Output);
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;

namespace Sluice.Tests.Locations;

public sealed class LocationOpenerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sluice").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_local_file_is_opened_with_its_length()
    {
        var path = Write("a b.csv", "1,2\n");
        var input = Assert.Single(Resolve(new FileLocation.LocalFile(path)));
        Assert.Equal((path, 4, true), (input.Label, input.Bytes, input.CanReopen));
        Assert.Equal("1,2\n", await TextAsync(input));
        Assert.Equal("1,2\n", await TextAsync(input));
    }

    [Fact]
    public void A_missing_file_is_named_with_the_nearest_one()
    {
        Write("track.csv", "");
        var failure = Fails(new FileLocation.LocalFile(Path.Combine(_root, "trakc.csv")));
        Assert.Equal($"File {_root}/trakc.csv does not exist", failure.Message);
        Assert.Equal("Did you mean track.csv?", failure.Hint);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var failure = Fails(new FileLocation.LocalFile(Path.Combine(_root, "no/x.csv")));
        Assert.Equal($"File {_root}/no/x.csv does not exist", failure.Message);
        Assert.Equal($"The folder {_root}/no does not exist either", failure.Hint);
    }

    [Fact]
    public void A_directory_is_not_a_file() =>
        Assert.Equal($"{_root} is a directory, not a file", Fails(new FileLocation.LocalFile(_root)).Message);

    [Fact]
    public async Task An_unreadable_file_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are a matter of Unix");
        var path = Write("secret.csv", "1");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }

        if (CanBeRead(path))
        {
            await RunThisWithoutPrivilegesAsync(nameof(An_unreadable_file_is_named));
            return;
        }

        Assert.Equal($"File {path} cannot be read: permission denied", Fails(new FileLocation.LocalFile(path)).Message);
    }

    [Fact]
    public async Task A_named_pipe_is_read_once()
    {
        var path = Path.Combine(_root, "pipe");
        using (var made = Process.Start("mkfifo", path))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var writer = Task.Run(() => File.WriteAllText(path, "1,2\n"), TestContext.Current.CancellationToken);
        var input = Assert.Single(Resolve(new FileLocation.LocalFile(path)));
        Assert.False(input.CanReopen);
        Assert.Equal("1,2\n", await TextAsync(input));
        await writer;
    }

    [Fact]
    public void All_matching_files_come_in_ordinal_order_of_their_paths()
    {
        foreach (var name in new[] { "b.csv", "B.csv", "a/x.csv", "a/y.txt", "a.csv", "deep/er/z.csv" })
        {
            Write(name, name);
        }

        Assert.Equal(["B.csv", "a.csv", "a/x.csv", "b.csv", "deep/er/z.csv"], Matching("csv$", all: true));
        Assert.Equal(["a.csv", "a/x.csv", "a/y.txt"], Matching("^a", all: true));
        Assert.Equal(["a/x.csv"], Matching("^.+/x", all: true));
    }

    [Fact]
    public void The_first_matching_file_is_the_first_in_that_order()
    {
        Write("b.csv", "");
        Write("a.csv", "");
        Assert.Equal(["a.csv"], Matching("csv", all: false));
    }

    [Fact]
    public void A_regex_that_matches_no_file_is_named_with_its_directory()
    {
        Write("b.csv", "");
        var failure = Assert.Throws<SourceException>(() => Matching("^x", all: true));
        Assert.Equal($"No file below {_root} matches ^x", failure.Message);
    }

    [Fact]
    public void A_missing_directory_is_named()
    {
        var missing = Path.Combine(_root, "no");
        Assert.Equal($"Directory {missing} does not exist", Fails(new FileLocation.Matching(new Regex("x"), missing, All: true)).Message);
        var file = Write("file", "");
        Assert.Equal($"{file} is a file, not a directory", Fails(new FileLocation.Matching(new Regex("x"), file, All: true)).Message);
    }

    [Fact]
    public void Links_that_lead_in_circles_are_walked_once()
    {
        Write("a/x.csv", "");
        Directory.CreateSymbolicLink(Path.Combine(_root, "a/up"), "..");
        Directory.CreateSymbolicLink(Path.Combine(_root, "a/self"), Path.Combine(_root, "a"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "A"), Path.Combine(_root, "a"));
        Assert.Equal(["a/x.csv"], Matching("csv", all: true));
    }

    [Fact]
    public void A_linked_folder_from_elsewhere_is_walked()
    {
        Write("data/x.csv", "");
        Directory.CreateDirectory(Path.Combine(_root, "root"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "root/link"), Path.Combine(_root, "data"));
        var found = Resolve(new FileLocation.Matching(new Regex("csv"), Path.Combine(_root, "root"), All: true));
        Assert.Equal([Path.Combine(_root, "root/link/x.csv")], found.Select(f => f.Label));
    }

    [Fact]
    public async Task Standard_input_is_opened_once()
    {
        var opener = new LocationOpener(() => new MemoryStream("x"u8.ToArray()));
        var input = Assert.Single(opener.Resolve(new FileLocation.Stdin()));
        Assert.Equal(("stdin", null, false), (input.Label, input.Bytes, input.CanReopen));
        Assert.Equal("x", await TextAsync(input));
    }

    [Fact]
    public async Task Inline_data_begins_at_its_byte_and_line_of_the_command_file()
    {
        var path = Write("é.load", "LOAD CSV -- é\nFROM INLINE;\n1,2\n");
        var input = Assert.Single(Resolve(new FileLocation.Inline(path, 28)));
        Assert.Equal(4, input.Bytes);
        var opened = await input.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal((28, 3, 4), (opened.FirstOffset, opened.FirstLine, opened.Bytes));
        using var reader = new StreamReader(opened.Stream);
        Assert.Equal("1,2\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static SourceException Fails(FileLocation location) => Assert.Throws<SourceException>(() => Resolve(location));

    private static IReadOnlyList<InputFile> Resolve(FileLocation location) => new LocationOpener(() => Stream.Null).Resolve(location);

    private static async Task<string> TextAsync(InputFile input)
    {
        var opened = await input.OpenAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(opened.Stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private string[] Matching(string pattern, bool all) =>
        [.. Resolve(new FileLocation.Matching(new Regex(pattern), _root, all)).Select(f => f.Label[(_root.Length + 1)..])];

    private static bool CanBeRead(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Root may read every file, until its capabilities are taken away.
    private static async Task RunThisWithoutPrivilegesAsync(string method)
    {
        var test = $"{typeof(LocationOpenerTests).FullName}.{method}";
        var start = new ProcessStartInfo("setpriv", ["--bounding-set=-all", "--inh-caps=-all", "--", Environment.ProcessPath!, "-noLogo", "-noColor", "-method", test])
        {
            RedirectStandardOutput = true,
        };
        Assert.True(start.Environment.TryAdd("SLUICE_TEST_UNPRIVILEGED", "1"), "the file can still be read without privileges");
        using var process = Process.Start(start)!; // null only for shell execution
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1,", output, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return path;
    }
}

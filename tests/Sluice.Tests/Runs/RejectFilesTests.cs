using System.Text.Json;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Runs;

namespace Sluice.Tests.Runs;

public sealed class RejectFilesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sluice-rejects-").FullName;

    [Fact]
    public void Nothing_is_created_before_the_first_reject()
    {
        using var files = Files(new RejectDirectory(_root));
        files.Flush();
        Assert.Empty(files.Paths);
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public void The_lines_of_the_json_file_point_into_the_other_files()
    {
        using (var files = Files(new RejectDirectory(_root)))
        {
            files.RejectRow(Rejection(2) with { SqlState = "22P02", Column = "b", Message = "invalid input: \"x\"", Detail = "why" }, "1\tx\n"u8);
            files.RejectRecord(Rejection(3) with { Stage = RejectStage.Parse, Message = "stray quote" }, "a,\"b\"c\n"u8);
            files.RejectRow(Rejection(4), "22\ty\n"u8);
        }

        var path = Path.Combine(_root, "db", "public.t");
        var lines = File.ReadAllLines(path + ".jsonl").Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["dat", "raw", "dat"], lines.Select(line => line.GetProperty("in").GetString()));
        Assert.Equal("22\ty\n", Slice(path + ".dat", lines[2]));
        Assert.Equal("a,\"b\"c\n", Slice(path + ".raw", lines[1]));
        Assert.Equal("22P02", lines[0].GetProperty("sqlstate").GetString());
        Assert.Equal("b", lines[0].GetProperty("column").GetString());
        Assert.Equal("why", lines[0].GetProperty("detail").GetString());
        Assert.Equal(3, File.ReadAllLines(path + ".log").Length);
        Assert.Contains("data.csv:3: parse: stray quote", File.ReadAllText(path + ".log"), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_owner_may_read_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are a matter of Unix");
        using var files = Files(new RejectDirectory(_root));
        files.RejectRow(Rejection(1), "1\n"u8);
        Assert.All(files.Paths, path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(path)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(Path.Combine(_root, "db")));
    }

    [Fact]
    public void Files_of_an_earlier_run_are_renamed_and_those_of_this_run_are_continued()
    {
        var path = Path.Combine(_root, "db", "public.t.dat");
        foreach (var text in new[] { "1\n", "2\n", "3\n" })
        {
            using var files = Files(new RejectDirectory(_root));
            files.RejectRow(Rejection(1), System.Text.Encoding.UTF8.GetBytes(text));
        }

        Assert.Equal(["3\n", "1\n", "2\n"], new[] { path, path + ".bak", path + ".bak2" }.Select(File.ReadAllText));
        var directory = new RejectDirectory(_root);
        for (var i = 0; i < 2; i++)
        {
            using var files = Files(directory);
            files.RejectRow(Rejection(1), "x\n"u8);
        }

        Assert.Equal("x\nx\n", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("a/b", "..", "a%2Fb", "public.%2E%2E")]
    [InlineData("Größe", "with blank", "Größe", "public.with blank")]
    [InlineData("100%", "x.y\n", "100%25", "public.x%2Ey%0A")]
    public void Names_cannot_leave_the_folder(string database, string table, string folder, string file)
    {
        var path = new RejectDirectory(_root).PathFor(database, new QualifiedName("public", table));
        Assert.Equal(Path.Combine(_root, folder, file), path);
    }

    [Fact]
    public void A_full_disk_is_a_load_stopped()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        var directory = new RejectDirectory(_root);
        var path = directory.PathFor("db", new QualifiedName("public", "t")) + ".dat";
        directory.Open(path).Dispose();
        File.Delete(path);
        File.CreateSymbolicLink(path, "/dev/full");
        var files = Files(directory);
        files.RejectRow(Rejection(1), "1\n"u8);
        var failure = Assert.Throws<LoadStoppedException>(files.Flush);
        Assert.Contains("reject file", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.Hint);
    }

    [Fact]
    public void Rejects_of_one_kind_are_one_reason_whatever_the_value()
    {
        var counter = new RejectCounter(false, null, null, () => 10);
        using var files = Files(new RejectDirectory(_root), counter);
        files.RejectRow(Rejection(1) with { SqlState = "22P02", Message = "invalid input syntax for type integer: \"x\"", Column = "a" }, "x\n"u8);
        files.RejectRow(Rejection(2) with { SqlState = "22P02", Message = "invalid input syntax for type integer: \"y\"", Column = "a" }, "y\n"u8);
        files.RejectRow(Rejection(3) with { SqlState = "23505", Message = "duplicate key value violates unique constraint \"t_pkey\"" }, "1\n"u8);
        Assert.Equal(
            [("column a: invalid input syntax for type integer", 2L), ("duplicate key value violates unique constraint \"t_pkey\"", 1L)],
            counter.TopReasons(3));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static Rejection Rejection(long line) => new()
    {
        Origin = new RowOrigin(0, line, line * 10),
        Stage = RejectStage.Server,
        Message = "refused",
    };

    private static string Slice(string file, JsonElement line)
    {
        var (at, length) = (line.GetProperty("at").GetInt32(), line.GetProperty("length").GetInt32());
        return System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(file), at, length);
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static RejectFiles Files(RejectDirectory directory, RejectCounter? counter = null) => new(
        directory, directory.PathFor("db", new QualifiedName("public", "t")), counter ?? new RejectCounter(false, null, null, () => 10), _ => "data.csv");
}

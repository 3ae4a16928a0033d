using System.Text;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Files that are not there, not readable or not what was said.</summary>
public sealed class BadFilesTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_file_is_named_and_nothing_is_truncated()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int); INSERT INTO t VALUES (7)", Ct);
        using var folder = new LoadFolder();
        (await folder.LoadCsvAsync(database, "t", "truncate", Ct)).ExitsWith(1).Says("data.csv").Says("does not exist");
        Assert.Equal("7", await database.QueryAsync("SELECT a FROM t", Ct));
    }

    [Fact]
    public async Task A_directory_in_place_of_a_file_is_named()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder();
        Directory.CreateDirectory(folder["data.csv"]);
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(1).Says("data.csv").Says("directory");
    }

    [Fact]
    public async Task A_file_without_permission_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are a matter of Unix");
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int); INSERT INTO t VALUES (7)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["data.csv"], UnixFileMode.None);
        }

        folder.With("test.load", $"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',', truncate;");
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"], isPrivileged: false);
        (await LoadFolder.FinishAsync(process, null, Ct)).ExitsWith(1).Says($"File {folder["data.csv"]} cannot be read: permission denied");
        Assert.Equal("7", await database.QueryAsync("SELECT a FROM t", Ct));
    }

    [Fact]
    public async Task An_empty_file_loads_nothing_and_is_a_success()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "");
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(0);
        Assert.Equal(0, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task Old_Macintosh_line_ends_are_told_before_anything_is_truncated_and_load_when_written()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (7, 'old')", Ct);
        using var folder = new LoadFolder().With("data.csv", "1,x\r2,y\r");
        (await folder.LoadCsvAsync(database, "t", "truncate", Ct)).ExitsWith(1).Says("carriage return").Says(@"lines terminated by '\r'");
        Assert.Equal("7|old", await database.QueryAsync("SELECT * FROM t", Ct));
        (await folder.LoadCsvAsync(database, "t", @"truncate, lines terminated by '\r'", Ct)).ExitsWith(0);
        Assert.Equal("1|x\n2|y", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task A_regex_that_matches_no_file_is_named_with_its_folder()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder();
        (await folder.LoadAsync($"LOAD CSV FROM ALL FILENAMES MATCHING ~/nothing.*here/ INTO {database.Uri} TARGET TABLE t;", Ct))
            .ExitsWith(1).Says("nothing.*here");
    }

    [Fact]
    public async Task All_matching_files_are_loaded_in_order_of_their_names()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (n serial, a int)", Ct);
        using var folder = new LoadFolder().With("part2.csv", "3\n4\n").With("part1.csv", "1\n2\n").With("other.txt", "x\n");
        (await folder.LoadAsync(
            $"LOAD CSV FROM ALL FILENAMES MATCHING ~/part.[.]csv/ INTO {database.Uri} TARGET TABLE t (a) WITH fields terminated by ',';", Ct)).ExitsWith(0);
        Assert.Equal("1\n2\n3\n4", await database.QueryAsync("SELECT a FROM t ORDER BY n", Ct));
    }

    [Fact]
    public async Task Standard_input_and_inline_data_are_loaded()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text)", Ct);
        using var folder = new LoadFolder();
        folder.With("in.load", $"LOAD CSV FROM stdin INTO {database.Uri} TARGET TABLE t WITH fields terminated by ';';");
        (await folder.RunAsync(["in.load"], Ct, input: "1;é\n2;\"b;c\"\n")).ExitsWith(0);
        (await folder.LoadAsync(
            $"-- é moves bytes against characters\nLOAD CSV FROM inline INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',';\n3,x\n4,y\n", Ct)).ExitsWith(0);
        Assert.Equal("1|é\n2|b;c\n3|x\n4|y", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task Other_encodings_are_decoded_and_invalid_bytes_reject_their_row()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text)", Ct);
        using var folder = new LoadFolder().With("data.csv", Encoding.Latin1.GetBytes("1,é\n2,ü\n"));
        (await folder.LoadAsync(
            $"LOAD CSV FROM 'data.csv' WITH ENCODING 'latin-1' INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',';", Ct)).ExitsWith(0);
        Assert.Equal("1|é\n2|ü", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));

        (await folder.LoadCsvAsync(database, "t", "truncate", Ct)).ExitsWith(3).Says("UTF-8");
        Assert.Equal(0, await database.CountAsync("t", Ct));
        Assert.Equal(Encoding.Latin1.GetBytes("1,é\n2,ü\n"), File.ReadAllBytes(Directory.GetFiles(folder.Root, "*.raw", SearchOption.AllDirectories).Single()));
        Assert.Contains("\"line\":2", folder.Rejects("jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_encoding_name_is_exit_4()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().With("data.csv", "1\n");
        (await folder.LoadAsync($"LOAD CSV FROM 'data.csv' WITH ENCODING 'latin-11' INTO {database.Uri} TARGET TABLE t;", Ct))
            .ExitsWith(4).Says("latin-11").Says("latin");
    }
}

using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Amazon.S3.Model;
using RedshiftLocal.Copy.Bzip2;
using ZstdSharp;

namespace RedshiftLocal.Tests.Unload;

/// <summary>Which objects are written: https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html and r_UNLOAD_command_examples.html.</summary>
public sealed class UnloadFileTests(RedshiftLocalServer server)
{
    private const string FourSlices = "u_0000_part_00,u_0001_part_00,u_0002_part_00,u_0003_part_00";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", FourSlices)]
    [InlineData("csv", FourSlices)]
    [InlineData("csv gzip", "u_0000_part_00.gz,u_0001_part_00.gz,u_0002_part_00.gz,u_0003_part_00.gz")]
    [InlineData("bzip2 parallel off", "u_000.bz2")]
    [InlineData("zstd parallel false", "u_000.zst")]
    [InlineData("parallel off", "u_000")]
    [InlineData("gzip parallel off extension '.csv.gz'", "u_000.csv.gz")]
    [InlineData("gzip parallel off extension 'x'", "u_000x")]
    [InlineData("json manifest parallel off", "u_000,u_manifest")]
    public async Task Files_are_named_by_slice_and_part(string options, string keys)
    {
        await using var unload = await CreateAsync("a int", "(1), (2), (3), (4), (5)");
        await unload.UnloadAsync(options);

        Assert.Equal(keys, string.Join(',', await unload.KeysAsync()));
    }

    [Theory]
    [InlineData("", FourSlices, "")]
    [InlineData("header", FourSlices, "a\n")]
    [InlineData("csv manifest", FourSlices + ",u_manifest", "")]
    [InlineData("json", "", null)]
    [InlineData("json manifest", "u_manifest", null)]
    [InlineData("parallel off", "u_000", null)]
    public async Task No_rows_leave_empty_files_but_for_json(string options, string keys, string? text)
    {
        await using var unload = await CreateAsync("a int", "");
        await unload.UnloadAsync(options);

        Assert.Equal(keys, string.Join(',', await unload.KeysAsync()));
        if (text is not null)
        {
            Assert.Equal(text, await unload.GetAsync("u_0003_part_00"));
        }
    }

    [Fact]
    public async Task All_slices_together_hold_all_rows()
    {
        await using var unload = await CreateAsync("a int", "(1), (2), (3), (4), (5), (6)");
        await unload.UnloadAsync("");

        var rows = new List<string>();
        foreach (var key in await unload.KeysAsync())
        {
            rows.AddRange((await unload.GetAsync(key)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.Equal(["1", "2", "3", "4", "5", "6"], rows.Order());
    }

    [Fact]
    public async Task A_manifest_lists_the_files_and_copy_reads_it()
    {
        await using var unload = await CreateAsync("a int", "(1), (2), (3)");
        await unload.UnloadAsync("manifest");

        using var manifest = JsonDocument.Parse(await unload.GetAsync("u_manifest"));
        var entries = manifest.RootElement.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(["entries"], manifest.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(FourSlices.Split(',').Select(unload.Copy.Url), entries.Select(entry => entry.GetProperty("url").GetString()));
        Assert.All(entries, entry => Assert.Single(entry.EnumerateObject()));

        await unload.Connection.ExecuteAsync($"truncate {unload.Table}", Ct);
        await unload.Copy.CopyAsync("u_manifest", "manifest");
        Assert.Equal("3", await unload.Connection.ScalarAsync($"select count(*) from {unload.Table}", Ct));
    }

    [Fact]
    public async Task A_verbose_manifest_tells_sizes_rows_types_and_the_author()
    {
        await using var unload = await CreateAsync("id int, name varchar(25), code char(3), price numeric(8, 2), at timestamp, ok boolean", "(1, 'a', 'b', 2, '2020-01-01', true)");
        await unload.UnloadAsync("manifest verbose header parallel off");

        using var manifest = JsonDocument.Parse(await unload.GetAsync("u_manifest"));
        var root = manifest.RootElement;
        var bytes = (await unload.BytesAsync("u_000")).Length;
        Assert.Equal($$"""{ "content_length": {{bytes}}, "record_count": 2 }""", root.GetProperty("entries")[0].GetProperty("meta").GetRawText());
        Assert.Equal(
            [
                """{"name": "id", "type": { "base": "integer" }}""",
                """{"name": "name", "type": { "base": "character varying", "max_length": 25 }}""",
                """{"name": "code", "type": { "base": "character", "max_length": 3 }}""",
                """{"name": "price", "type": { "base": "numeric", "precision": 8, "scale": 2 }}""",
                """{"name": "at", "type": { "base": "timestamp without time zone" }}""",
                """{"name": "ok", "type": { "base": "boolean" }}""",
            ],
            root.GetProperty("schema").GetProperty("elements").EnumerateArray().Select(element => element.GetRawText()));
        Assert.Equal((bytes, 2), (root.GetProperty("meta").GetProperty("content_length").GetInt32(), root.GetProperty("meta").GetProperty("record_count").GetInt32()));
        Assert.Equal("Amazon Redshift", root.GetProperty("author").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Compressed_files_are_what_their_programs_read()
    {
        await using var unload = await CreateAsync("a int, b varchar(200)", "(1, 'x')");
        for (var i = 0; i < 12; i++)
        {
            await unload.Connection.ExecuteAsync($"insert into {unload.Table} select a + {1 << i}, 'row ' || (a * 7919 + {i}) || repeat('z', 20) from {unload.Table}", Ct);
        }

        var plain = await unload.TextAsync("");
        Assert.Equal(4096, plain.Count(letter => letter == '\n'));
        await unload.UnloadAsync("parallel off gzip allowoverwrite");
        await unload.UnloadAsync("parallel off zstd allowoverwrite");
        await unload.UnloadAsync("parallel off bzip2 allowoverwrite");

        Assert.Equal(plain, await ReadAsync(new GZipStream(new MemoryStream(await unload.BytesAsync("u_000.gz")), CompressionMode.Decompress)));
        Assert.Equal(plain, await ReadAsync(new DecompressionStream(new MemoryStream(await unload.BytesAsync("u_000.zst")))));
        Assert.Equal(plain, await ReadAsync(new Bzip2Reader(new MemoryStream(await unload.BytesAsync("u_000.bz2")))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    public async Task No_file_is_larger_than_maxfilesize(string compression)
    {
        await using var unload = await CreateAsync("a int", "(1), (2), (3), (4)");
        for (var i = 0; i < 9; i++)
        {
            await unload.Connection.ExecuteAsync($"insert into {unload.Table} select a + {4 << i} from {unload.Table}", Ct);
        }

        // Random digits compress to less than half: 12 MB in two files at least.
        var columns = compression.Length == 0 ? 180 : 400;
        await unload.UnloadAsync(
            $"maxfilesize 5 mb parallel off header {compression}",
            $"select a, {string.Join(" || ", Enumerable.Range(0, columns / 32).Select(i => $"md5((a * 100 + {i})::varchar(20))"))}, repeat('y', {(compression.Length == 0 ? 6000 : 1)}) from {unload.Table}");

        long rows = 0;
        var keys = await unload.KeysAsync();
        if (compression.Length == 0)
        {
            Assert.InRange(keys.Count, 3, 4);
        }

        foreach (var key in keys)
        {
            Assert.InRange((await unload.BytesAsync(key)).Length, 1, 5 << 20);
            if (compression.Length == 0)
            {
                var text = await unload.GetAsync(key);
                Assert.StartsWith("a|", text, StringComparison.Ordinal);
                rows += text.Count(letter => letter == '\n') - 1;
            }
        }

        Assert.Equal(compression.Length == 0 ? 2048 : 0, rows);
        Assert.Equal("2048", await unload.Connection.ScalarAsync("select pg_last_unload_count()", Ct));
    }

    [Theory]
    [InlineData("csv partition by (k)", "1,x\n", "u_/k=__HIVE_DEFAULT_PARTITION__/000,u_/k=a b/000,u_/k=c%2Fd/000")]
    [InlineData("csv partition by (k) include", "1,a b,x\n", "u_/k=__HIVE_DEFAULT_PARTITION__/000,u_/k=a b/000,u_/k=c%2Fd/000")]
    [InlineData("json partition by (k, a) manifest", null, "u_/k=__HIVE_DEFAULT_PARTITION__/a=4/000,u_/k=a b/a=1/000,u_/k=a b/a=3/000,u_/k=c%2Fd/a=2/000,u_/manifest")]
    public async Task Partitions_are_folders_as_hive_names_them(string options, string? text, string keys)
    {
        await using var unload = await CreateAsync("a int, k varchar(10), b varchar(5)", "(1, 'a b', 'x'), (2, 'c/d', 'y'), (3, 'a b', 'z'), (4, null, 'n')");
        await unload.UnloadAsync("parallel off " + options);

        Assert.Equal(keys.Split(',').Order(StringComparer.Ordinal), await unload.KeysAsync());
        if (text is not null)
        {
            Assert.StartsWith(text, await unload.GetAsync("u_/k=a b/000"), StringComparison.Ordinal);
            Assert.Equal(2, (await unload.GetAsync("u_/k=a b/000")).Count(letter => letter == '\n'));
        }
    }

    [Theory]
    [InlineData("partition by (x)", "42703", "column \"x\" of PARTITION BY is not in the query")]
    [InlineData("partition by (f)", "0A000", "A column of type double precision cannot be in PARTITION BY")]
    [InlineData("partition by (t)", "0A000", "A column of type timestamp with time zone cannot be in PARTITION BY")]
    [InlineData("partition by (i)", "0A000", "UNLOAD needs at least one column that is not in PARTITION BY", "select i from T")]
    [InlineData("partition by (i)", "42702", "column reference \"i\" is ambiguous", "select i, i from T")]
    [InlineData("partition by (s)", "0A000", "A column of type super cannot be in PARTITION BY")]
    public async Task Partitions_must_be_columns_of_simple_types(string options, string state, string message, string? query = null)
    {
        await using var unload = await CreateAsync("f double precision, t timestamptz, s super, i int", "");
        var error = await unload.FailAsync(options, (query ?? "select * from T").Replace("T", unload.Table, StringComparison.Ordinal));

        Assert.Equal((state, message), (error.SqlState, error.MessageText));
    }

    [Fact]
    public async Task A_target_that_is_not_empty_is_refused_even_for_siblings()
    {
        await using var unload = await CreateAsync("a int", "(1)");
        await unload.Copy.PutAsync("u_other", "x");
        var error = await unload.FailAsync("");

        Assert.Equal("XX000", error.SqlState);
        Assert.Equal(
            "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.",
            error.MessageText);
        Assert.Contains("code:      8001", error.Detail, StringComparison.Ordinal);
        Assert.Equal(["u_other"], await unload.KeysAsync());
    }

    [Fact]
    public async Task Allowoverwrite_replaces_files_of_the_same_name_and_leaves_the_others()
    {
        await using var unload = await CreateAsync("a int", "(1)");
        await unload.Copy.PutAsync("u_0000_part_00", "old");
        await unload.Copy.PutAsync("u_0000_part_01", "old");
        await unload.UnloadAsync("allowoverwrite");

        Assert.Equal("1\n", await unload.GetAsync("u_0000_part_00"));
        Assert.Equal("old", await unload.GetAsync("u_0000_part_01"));
    }

    [Fact]
    public async Task Cleanpath_removes_everything_below_the_path_first()
    {
        await using var unload = await CreateAsync("a int", "(1)");
        await unload.Copy.PutAsync("u_0000_part_01", "old");
        await unload.Copy.PutAsync("u_x/y", "old");
        await unload.Copy.PutAsync("v", "kept");
        await unload.UnloadAsync("cleanpath parallel off");

        Assert.Equal(["u_000", "v"], await unload.KeysAsync());
    }

    [Fact]
    public async Task Cleanpath_with_partitions_removes_from_their_folders_only()
    {
        await using var unload = await CreateAsync("a int, b int", "(1, 1), (2, 2)");
        await unload.Copy.PutAsync("u_/b=1/old", "old");
        await unload.Copy.PutAsync("u_/b=3/old", "kept");
        await unload.UnloadAsync("cleanpath parallel off partition by (b)");

        Assert.Equal(["u_/b=1/000", "u_/b=2/000", "u_/b=3/old"], await unload.KeysAsync());
    }

    [Fact]
    public async Task A_key_of_kms_is_asked_of_the_store()
    {
        await using var unload = await CreateAsync("a int", "(1)");
        await unload.UnloadAsync("parallel off manifest encrypted kms_key_id '1234abcd-12ab-34cd-56ef-1234567890ab'");
        foreach (var key in await unload.KeysAsync())
        {
            var head = await unload.Copy.Store.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = RedshiftLocalServer.Bucket, Key = unload.Copy.Prefix + key }, Ct);

            Assert.Equal(("aws:kms", "1234abcd-12ab-34cd-56ef-1234567890ab"), (head.ServerSideEncryptionMethod.Value, head.ServerSideEncryptionKeyManagementServiceKeyId));
        }
    }

    [Fact]
    public async Task A_large_result_is_uploaded_in_parts_with_flat_memory()
    {
        await using var unload = await CreateAsync("a int", "(1), (2), (3), (4)");
        for (var i = 0; i < 12; i++)
        {
            await unload.Connection.ExecuteAsync($"insert into {unload.Table} select a + {4 << i} from {unload.Table}", Ct);
        }

        await unload.UnloadAsync("", $"select a, repeat('x', 3000) from {unload.Table}");

        var sizes = new List<long>();
        foreach (var key in await unload.KeysAsync())
        {
            var head = await unload.Copy.Store.GetObjectMetadataAsync(RedshiftLocalServer.Bucket, unload.Copy.Prefix + key, Ct);
            Assert.EndsWith("-3\"", head.ETag, StringComparison.Ordinal);
            sizes.Add(head.ContentLength);
        }

        Assert.Equal(4, sizes.Count);
        Assert.InRange(sizes.Sum(), 16384L * 3003, 16384L * 3010);
    }

    private static async Task<string> ReadAsync(Stream packed)
    {
        await using (packed)
        {
            using var text = new MemoryStream();
            await packed.CopyToAsync(text, Ct);
            return Encoding.UTF8.GetString(text.ToArray());
        }
    }

    private async Task<UnloadTester> CreateAsync(string columns, string values) =>
        await UnloadTester.CreateAsync(await server.StartAsync(Ct), columns, values, Ct);
}

using System.IO.Compression;
using System.Text;
using Sluice.Diagnostics;
using Sluice.Locations.S3;
using Sluice.Targets.Redshift;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>What is staged arrives byte for byte, and nothing is left behind.</summary>
public sealed class StagingAreaTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Gzip")]
    [InlineData("Zstd")]
    [InlineData("None")]
    public async Task A_small_file_arrives_as_one_object(string compression)
    {
        await using var bucket = await StagingBucket.StartAsync();
        var options = new StagingOptions { Compression = Enum.Parse<Compression>(compression) };
        await using var area = await bucket.OpenAsync(options);
        await using var part = area.CreatePart("t/1.csv");
        await part.WriteAsync("1,a\n"u8.ToArray(), Ct);
        await part.WriteAsync("2,b\n"u8.ToArray(), Ct);
        var staged = await part.CompleteAsync();

        Assert.Equal(area.RunPrefix + "t/1.csv", staged.Key);
        Assert.Equal($"s3://{StagingBucket.Name}/{staged.Key}", staged.Url);
        var stored = await bucket.ReadAsync(staged.Key);
        Assert.Equal(stored.Length, staged.Bytes);
        Assert.Equal(stored.Length, part.CompressedBytes);
        Assert.Equal(8, part.PlainBytes);
        Assert.Equal("1,a\n2,b\n", Encoding.UTF8.GetString(Expand(stored, options.Compression)));
    }

    [Theory]
    [InlineData("Gzip")]
    [InlineData("Zstd")]
    [InlineData("None")]
    public async Task A_large_file_arrives_in_pieces_and_is_whole(string compression)
    {
        await using var bucket = await StagingBucket.StartAsync();
        var options = new StagingOptions { Compression = Enum.Parse<Compression>(compression) };
        await using var area = await bucket.OpenAsync(options);
        await using var part = area.CreatePart("t/1.csv");
        var plain = Noise(23_456_789);
        for (var start = 0; start < plain.Length; start += 1_234_567)
        {
            await part.WriteAsync(plain.AsMemory(start, Math.Min(1_234_567, plain.Length - start)), Ct);
        }

        Assert.Equal(["upload " + area.RunPrefix + "t/1.csv"], await bucket.ContentAsync());
        var staged = await part.CompleteAsync();

        var stored = await bucket.ReadAsync(staged.Key);
        Assert.Equal(stored.Length, staged.Bytes);
        Assert.True(plain.AsSpan().SequenceEqual(Expand(stored, options.Compression)));
        Assert.Equal([staged.Key], await bucket.ContentAsync());
    }

    [Fact]
    public async Task Several_files_are_written_side_by_side()
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using var area = await bucket.OpenAsync(new StagingOptions { Compression = Compression.None });
        var contents = Enumerable.Range(0, 12).Select(i => Noise(6_000_000 + (i * 1000), seed: i)).ToList();
        var staged = await Task.WhenAll(contents.Select(async (content, i) =>
        {
            await using var part = area.CreatePart($"{i}.csv");
            await part.WriteAsync(content, Ct);
            return await part.CompleteAsync();
        }));
        for (var i = 0; i < contents.Count; i++)
        {
            Assert.True((await bucket.ReadAsync(staged[i].Key)).AsSpan().SequenceEqual(contents[i]));
        }
    }

    [Fact]
    public async Task What_was_put_is_read_again_and_deleted()
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using var area = await bucket.OpenAsync();
        var staged = await area.PutAsync("manifest", "{}"u8.ToArray(), Ct);
        await using (var content = await area.OpenReadAsync(staged, Ct))
        {
            Assert.Equal("{}", await new StreamReader(content).ReadToEndAsync(Ct));
        }

        await area.DeleteAsync([staged], Ct);
        Assert.Empty(await bucket.ContentAsync());
    }

    [Fact]
    public async Task Whatever_was_staged_is_gone_in_the_end_and_nothing_else()
    {
        await using var bucket = await StagingBucket.StartAsync();
        await bucket.PutAsync("sluice/mine", "x");
        var area = await bucket.OpenAsync();
        for (var i = 0; i < 1003; i += 1)
        {
            await area.PutAsync($"{i}", "x"u8.ToArray(), Ct);
        }

        await bucket.PutAsync(area.RunPrefix + "not-of-this-run", "x");
        await area.DisposeAsync();
        Assert.Equal([area.RunPrefix + "not-of-this-run", "sluice/mine"], (await bucket.ContentAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_given_up_leaves_no_trace()
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using (var area = await bucket.OpenAsync(new StagingOptions { Compression = Compression.None }))
        {
            await using (var part = area.CreatePart("1.csv"))
            {
                await part.WriteAsync(Noise(12_000_000), Ct);
                Assert.NotEmpty(await bucket.ContentAsync());
            }

            Assert.Empty(await bucket.ContentAsync());
        }

        Assert.Empty(await bucket.ContentAsync());
    }

    [Fact]
    public async Task A_cancelled_load_cleans_up_all_the_same()
    {
        await using var bucket = await StagingBucket.StartAsync();
        using var stop = new CancellationTokenSource();
        var area = await bucket.OpenAsync(new StagingOptions { Compression = Compression.None });
        await area.PutAsync("manifest", "{}"u8.ToArray(), Ct);
        var part = area.CreatePart("1.csv");
        bucket.Order("\"kind\": \"delay\", \"delayMs\": 200, \"contains\": \"PUT\"");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            stop.CancelAfter(300);
            for (var i = 0; i < 100; i++)
            {
                await part.WriteAsync(Noise(6_000_000), stop.Token);
            }
        });
        await part.DisposeAsync();
        await area.DisposeAsync();
        Assert.Empty(await bucket.ContentAsync());
    }

    [Fact]
    public async Task Files_are_kept_when_that_is_asked()
    {
        await using var bucket = await StagingBucket.StartAsync();
        var area = await bucket.OpenAsync(new StagingOptions { KeepStagedFiles = true });
        var staged = await area.PutAsync("1.csv", "x"u8.ToArray(), Ct);
        await area.DeleteAsync([staged], Ct);
        await area.DisposeAsync();
        Assert.Equal([staged.Key], await bucket.ContentAsync());
        Assert.Contains($"Information: The staged files are kept: s3://{StagingBucket.Name}/{area.RunPrefix} holds 1", bucket.Log.Lines);
    }

    [Theory]
    [InlineData("\"kind\": \"error\", \"code\": \"SlowDown\"")]
    [InlineData("\"kind\": \"error\", \"code\": \"InternalError\"")]
    [InlineData("\"kind\": \"error\", \"code\": \"RequestTimeout\"")]
    [InlineData("\"kind\": \"drop\"")]
    public async Task What_is_over_soon_is_tried_again(string fault)
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using var area = await bucket.OpenAsync(new StagingOptions { Compression = Compression.None });
        bucket.Order($"{fault}, \"every\": 2, \"count\": 4");
        await using var part = area.CreatePart("1.csv");
        var plain = Noise(16_000_000);
        await part.WriteAsync(plain, Ct);
        var staged = await part.CompleteAsync();
        bucket.Faults.Clear();
        Assert.True((await bucket.ReadAsync(staged.Key)).AsSpan().SequenceEqual(plain));
    }

    [Theory]
    [InlineData("PUT", "uploadId=")]
    [InlineData("POST", "uploadId=")]
    [InlineData("POST", "?uploads")]
    public async Task A_lost_answer_to_a_request_that_was_done_does_no_harm(string method, string query)
    {
        await using var bucket = await StagingBucket.StartAsync();
        using var proxy = new LosingProxy(bucket.Endpoint, head =>
            head.StartsWith(method + " ", StringComparison.Ordinal) && head.Contains(query, StringComparison.Ordinal));
        bucket.Environment["AWS_ENDPOINT_URL"] = proxy.Endpoint;
        await using var area = await bucket.OpenAsync(new StagingOptions { Compression = Compression.None });
        await using var part = area.CreatePart("1.csv");
        var plain = Noise(16_000_000);
        await part.WriteAsync(plain, Ct);
        var staged = await part.CompleteAsync();
        Assert.Equal(1, proxy.Lost);
        Assert.True((await bucket.ReadAsync(staged.Key)).AsSpan().SequenceEqual(plain));
    }

    [Theory]
    [InlineData("POST /staging-bucket/sluice", 1)] // begin
    [InlineData("PUT /staging-bucket/sluice", 2)] // a piece
    [InlineData("POST /staging-bucket/sluice", 2)] // complete
    public async Task A_failed_upload_says_so_and_leaves_nothing(string request, int nth)
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using (var area = await bucket.OpenAsync(new StagingOptions { Compression = Compression.None }))
        {
            bucket.Order($"\"kind\": \"error\", \"code\": \"AccessDenied\", \"contains\": \"{request}\", \"nth\": {nth}");
            await using var part = area.CreatePart("1.csv");
            var error = await Assert.ThrowsAsync<TargetException>(async () =>
            {
                for (var i = 0; i < 4; i++)
                {
                    await part.WriteAsync(Noise(6_000_000), Ct);
                }

                await part.CompleteAsync();
            });
            Assert.StartsWith(
                $"Cannot write s3://{StagingBucket.Name}/{area.RunPrefix}1.csv: access is denied: AWS_ACCESS_KEY_ID lacks s3:PutObject", error.Message,
                StringComparison.Ordinal);
        }

        bucket.Faults.Clear();
        Assert.Empty(await bucket.ContentAsync());
    }

    [Fact]
    public async Task An_upload_that_cannot_be_aborted_is_named()
    {
        await using var bucket = await StagingBucket.StartAsync();
        var area = await bucket.OpenAsync(new StagingOptions { Compression = Compression.None });
        var part = area.CreatePart("1.csv");
        await part.WriteAsync(Noise(6_000_000), Ct);
        bucket.Order("\"kind\": \"error\", \"code\": \"AccessDenied\", \"contains\": \"DELETE\"");
        await part.DisposeAsync();
        await area.DisposeAsync();
        Assert.Contains(bucket.Log.Lines, line => line.StartsWith(
            $"Warning: The upload of s3://{StagingBucket.Name}/{area.RunPrefix}1.csv was given up but could not be aborted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_that_cannot_be_deleted_are_named()
    {
        await using var bucket = await StagingBucket.StartAsync();
        var area = await bucket.OpenAsync();
        await area.PutAsync("1.csv", "x"u8.ToArray(), Ct);
        bucket.Order("\"kind\": \"error\", \"code\": \"AccessDenied\", \"contains\": \"POST\"");
        await area.DisposeAsync();
        Assert.Contains(bucket.Log.Lines, line => line.StartsWith(
            $"Warning: Staged files could not be deleted, delete what is below s3://{StagingBucket.Name}/{area.RunPrefix}: Cannot delete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_files_of_a_killed_run_are_named_by_the_next()
    {
        await using var bucket = await StagingBucket.StartAsync();
        var now = bucket.Time.GetUtcNow();
        var dead = StagingRunName.Create(now.AddMinutes(-5), Environment.MachineName, int.MaxValue);
        var alive = StagingRunName.Create(now, Environment.MachineName, Environment.ProcessId);
        var oldElsewhere = StagingRunName.Create(now.AddHours(-25), "another machine", 1);
        var newElsewhere = StagingRunName.Create(now.AddHours(-1), "another machine", 1);
        foreach (var run in new[] { dead, alive, oldElsewhere, newElsewhere })
        {
            await bucket.PutAsync($"loads/{run}/t/1.csv", "x");
        }

        await bucket.PutAsync("loads/something-else/1.csv", "x");
        await using var area = await bucket.OpenAsync(new StagingOptions { Prefix = "/loads/" });
        Assert.StartsWith("loads/", area.RunPrefix, StringComparison.Ordinal);
        Assert.Equal(
            new[] { dead, oldElsewhere }.Select(run =>
                $"Warning: s3://{StagingBucket.Name}/loads/{run}/ holds staged files of a run that began at {run.Began.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z and is gone; look at them and delete them")
                .Order(StringComparer.Ordinal),
            bucket.Log.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_cannot_be_written_twice()
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using var area = await bucket.OpenAsync();
        await area.PutAsync("1.csv", "x"u8.ToArray(), Ct);
        await Assert.ThrowsAsync<InvalidOperationException>(() => area.PutAsync("1.csv", "y"u8.ToArray(), Ct));
    }

    private static byte[] Noise(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Expand(byte[] stored, Compression compression)
    {
        using var source = new MemoryStream(stored);
        using Stream expanded = compression switch
        {
            Compression.Gzip => new GZipStream(source, CompressionMode.Decompress),
            Compression.Zstd => new ZstdSharp.DecompressionStream(source),
            _ => source,
        };
        using var plain = new MemoryStream();
        expanded.CopyTo(plain);
        return plain.ToArray();
    }
}

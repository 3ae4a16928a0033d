using System.Text;
using Amazon.S3.Model;
using Npgsql;
using RedshiftLocal.Tests.Copy;

namespace RedshiftLocal.Tests.Unload;

/// <summary>One table and one prefix of a test's own, and UNLOAD from the one to the other.</summary>
internal sealed class UnloadTester(CopyTester copy, CancellationToken ct) : IAsyncDisposable
{
    public CopyTester Copy => copy;

    public NpgsqlConnection Connection => copy.Connection;

    public string Table => copy.Table;

    /// <param name="server">The server under test.</param>
    /// <param name="columns">The table's columns.</param>
    /// <param name="values">Its rows, as behind VALUES; none when empty.</param>
    /// <param name="ct">The test's.</param>
    public static async Task<UnloadTester> CreateAsync(LocalRedshift server, string columns, string values, CancellationToken ct)
    {
        var copy = await CopyTester.CreateAsync(server, columns, ct);
        if (values.Length > 0)
        {
            await copy.Connection.ExecuteAsync($"insert into {copy.Table} values {values}", ct);
        }

        return new UnloadTester(copy, ct);
    }

    public string Sql(string options, string? query = null, string name = "u_", string authorization = CopyTester.Keys) =>
        $"unload ($q${query ?? $"select * from {Table} order by 1"}$q$) to '{copy.Url(name)}' {authorization} {options}";

    public Task UnloadAsync(string options, string? query = null, string name = "u_") => Connection.ExecuteAsync(Sql(options, query, name), ct);

    /// <summary>The text of the only file of a serial UNLOAD.</summary>
    public async Task<string> TextAsync(string options, string? query = null)
    {
        await UnloadAsync("parallel off allowoverwrite " + options, query);
        return await GetAsync("u_000");
    }

    public async Task<PostgresException> FailAsync(string options, string? query = null, string name = "u_", string authorization = CopyTester.Keys)
    {
        var error = await Connection.ErrorAsync(Sql(options, query, name, authorization), ct);
        await copy.ReconnectAsync();
        return error;
    }

    /// <summary>The keys below the prefix, without it.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = RedshiftLocalServer.Bucket, Prefix = copy.Prefix };
        ListObjectsV2Response page;
        do
        {
            page = await copy.Store.ListObjectsV2Async(request, ct);
            keys.AddRange((page.S3Objects ?? []).Select(item => item.Key[copy.Prefix.Length..]));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return keys;
    }

    public async Task<string> GetAsync(string name) => Encoding.UTF8.GetString(await BytesAsync(name));

    public async Task<byte[]> BytesAsync(string name)
    {
        using var response = await copy.Store.GetObjectAsync(RedshiftLocalServer.Bucket, copy.Prefix + name, ct);
        using var bytes = new MemoryStream();
        await response.ResponseStream.CopyToAsync(bytes, ct);
        return bytes.ToArray();
    }

    public ValueTask DisposeAsync() => copy.DisposeAsync();
}

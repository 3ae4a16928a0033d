using System.IO.Compression;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Npgsql;

namespace RedshiftLocal.Tests.Copy;

/// <summary>One table and one prefix of a test's own, a connection, and the COPY between them.</summary>
internal sealed class CopyTester : IAsyncDisposable
{
    public const string Keys =
        $"access_key_id '{RedshiftLocalServer.AccessKey}' secret_access_key '{RedshiftLocalServer.SecretKey}'";

    private readonly LocalRedshift _server;
    private readonly CancellationToken _ct;

    private CopyTester(LocalRedshift server, NpgsqlConnection connection, AmazonS3Client store, string name, CancellationToken ct)
    {
        _server = server;
        Connection = connection;
        Store = store;
        Table = "t_" + name;
        Prefix = name + "/";
        _ct = ct;
        connection.Notice += (_, arguments) => Notices.Add(arguments.Notice.MessageText);
    }

    /// <summary>Npgsql takes XX000 for the end of a connection, so that each failed COPY needs a new one.</summary>
    public NpgsqlConnection Connection { get; private set; }

    public AmazonS3Client Store { get; }

    public string Table { get; }

    public string Prefix { get; }

    /// <summary>The condition by which rows of the views are found from any session.</summary>
    public string Mine => $"filename like '%/{Prefix}%'";

    public List<string> Notices { get; } = [];

    /// <param name="server">The server under test.</param>
    /// <param name="columns">The table's columns, or null: no table.</param>
    /// <param name="ct">The test's.</param>
    public static async Task<CopyTester> CreateAsync(LocalRedshift server, string? columns, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(server.EndPoint));
        await connection.OpenAsync(ct);
        var store = new AmazonS3Client(
            new BasicAWSCredentials(RedshiftLocalServer.AccessKey, RedshiftLocalServer.SecretKey),
            new AmazonS3Config { ServiceURL = server.StoreAddress.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        var tester = new CopyTester(server, connection, store, Guid.NewGuid().ToString("N")[..10], ct);
        if (columns is not null)
        {
            await connection.ExecuteAsync($"create table {tester.Table} ({columns})", ct);
        }

        return tester;
    }

    public string Url(string name) => $"s3://{RedshiftLocalServer.Bucket}/{Prefix}{name}";

    public Task PutAsync(string name, string text) => PutAsync(name, Encoding.UTF8.GetBytes(text));

    public async Task PutAsync(string name, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        await Store.PutObjectAsync(new PutObjectRequest { BucketName = RedshiftLocalServer.Bucket, Key = Prefix + name, InputStream = stream }, _ct);
    }

    public static byte[] Gzip(string text)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return target.ToArray();
    }

    public string CopySql(string name, string options, string authorization = Keys, string? target = null) =>
        $"copy {target ?? Table} from '{Url(name)}' {authorization} {options}";

    public Task CopyAsync(string name, string options, string authorization = Keys, string? target = null) =>
        Connection.ExecuteAsync(CopySql(name, options, authorization, target), _ct);

    public async Task<PostgresException> FailAsync(string name, string options, string authorization = Keys, string? target = null)
    {
        var error = await Connection.ErrorAsync(CopySql(name, options, authorization, target), _ct);
        await ReconnectAsync();
        return error;
    }

    public async Task ReconnectAsync()
    {
        await Connection.DisposeAsync();
        Connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(_server.EndPoint));
        await Connection.OpenAsync(_ct);
    }

    /// <summary>Puts the text, loads it as CSV and gives the table's rows, joined, in their order as text.</summary>
    public async Task<string> LoadAsync(string text, string options = "", string? target = null)
    {
        await PutAsync("f.csv", text);
        await CopyAsync("f.csv", "csv " + options, target: target);
        return await RowsAsync();
    }

    public async Task<string> RowsAsync() => string.Join(';', (await Connection.RowsAsync($"select * from {Table} order by 1, 2", _ct))
        .Select(row => string.Join('|', row.Select(value => value ?? "NULL"))));

    /// <summary>Puts the text, loads it as CSV, which must fail on bad records; gives the codes and columns of the error view.</summary>
    public async Task<string> BadAsync(string text, string options = "", string? target = null)
    {
        await PutAsync("f.csv", text);
        var error = await FailAsync("f.csv", "csv " + options, target: target);
        Assert.Equal("XX000", error.SqlState);
        Assert.Equal($"Load into table '{Table}' failed.  Check 'stl_load_errors' system table for details.", error.MessageText);
        return await ErrorsAsync();
    }

    public async Task<string> ErrorsAsync(string columns = "line_number, trim(colname), err_code") => string.Join(';', (await Connection.RowsAsync(
            $"select {columns} from stl_load_errors where {Mine} order by filename, line_number", _ct))
        .Select(row => string.Join('|', row)));

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await Connection.DisposeAsync();
    }
}

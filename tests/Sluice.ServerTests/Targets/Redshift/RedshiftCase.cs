using System.Globalization;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Npgsql;
using RedshiftLocal;
using Sluice.Commands;
using Sluice.Plans;
using Sluice.Runs;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>A table of its own, a bucket of its own and a folder for one test against a stand-in.</summary>
public sealed class RedshiftCase : IDisposable
{
    private readonly LocalRedshift _server;
    private readonly RecordingLogger _logger = new();
    private readonly HttpClient _http = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-redshift-case-").FullName;

    public RedshiftCase(LocalRedshift server, int number, string bucket)
    {
        _server = server;
        Bucket = bucket;
        Table = string.Create(CultureInfo.InvariantCulture, $"load_{number}");
    }

    public string Bucket { get; }

    public string Table { get; }

    public string Uri => $"postgresql://{RedshiftServers.User}:{RedshiftServers.Password}@127.0.0.1:{_server.EndPoint.Port}/dev?sslmode=disable";

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal)
    {
        ["AWS_ACCESS_KEY_ID"] = RedshiftServers.AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = RedshiftServers.SecretKey,
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["HOME"] = "/nonexistent",
    };

    /// <summary>Statements that the server received, secrets masked.</summary>
    public IReadOnlyList<string> Statements => _server.MaskedStatements();

    /// <summary>All that was logged, shown and written so far.</summary>
    public string Everything => string.Join('\n', _logger.Lines) + "\n" + Shown + "\n"
        + string.Concat(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Where(file => file.Contains("root", StringComparison.Ordinal)).Select(File.ReadAllText));

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public string Shown { get; private set; } = "";

    public string Path(string name) => System.IO.Path.Combine(_folder, name);

    public RedshiftCase With(string name, string text)
    {
        File.WriteAllBytes(Path(name), Encoding.UTF8.GetBytes(text));
        return this;
    }

    /// <summary>Loads <c>data.csv</c> into the table; <paramref name="options"/> follow WITH.</summary>
    public Task<RunResult> LoadAsync(string options, CancellationToken ct, string clauses = "", string columns = "") => RunAsync(
        $"LOAD CSV FROM 'data.csv' INTO {Uri} TARGET TABLE {Table} {columns} WITH fields terminated by ','{(options.Length > 0 ? ", " + options : "")} {clauses};", ct);

    public async Task<RunResult> RunAsync(string command, CancellationToken ct, CancellationToken drain = default)
    {
        var options = Options(drain);
        var result = await new Runner().RunAsync(Read(command), new RunProgress(TimeProvider.System), options, ct);
        Shown = string.Join('\n', result.Failures.Select(failure => $"{failure.Message} | {failure.Hint}").Concat(result.Notices)
            .Concat(result.RejectReasons.Select(reason => $"{reason.Count} {reason.Reason}")).Append(result.Target));
        return result;
    }

    public Task<RegressionResult> CompareAsync(CancellationToken ct) =>
        Runner.CompareAsync(Read($"LOAD CSV FROM 'data.csv' INTO {Uri} TARGET TABLE {Table};"), Path("expected.out"), Options(default), ct);

    public async Task<string> ExplainAsync(string options, CancellationToken ct, string columns = "")
    {
        using var output = new StringWriter();
        await Runner.ExplainAsync(
            Read($"LOAD CSV FROM 'data.csv' INTO {Uri} TARGET TABLE {Table} {columns} WITH fields terminated by ','{(options.Length > 0 ? ", " + options : "")};"),
            new PlanOutput(output, PlanFormat.Text), Options(default), ct);
        Shown = output.ToString();
        return Shown;
    }

    /// <summary>The plan of any command.</summary>
    public async Task<string> PlanAsync(string command, CancellationToken ct)
    {
        using var output = new StringWriter();
        await Runner.ExplainAsync(Read(command), new PlanOutput(output, PlanFormat.Text), Options(default), ct);
        return Shown = output.ToString();
    }

    /// <summary>What the real program needs to find keys, bucket and store.</summary>
    public (string Name, string Value)[] ProgramEnvironment() =>
        [.. Environment.Select(pair => (pair.Key, pair.Value)), ("AWS_S3_BUCKET_NAME", Bucket), ("AWS_ENDPOINT_URL", StoreAddress)];

    /// <summary>A reject file, as text; empty when there is none.</summary>
    public string Rejects(string extension) => Directory.Exists(Path("root"))
        ? string.Concat(Directory.GetFiles(Path("root"), "*." + extension, SearchOption.AllDirectories).Select(File.ReadAllText))
        : "";

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={_server.EndPoint.Port};Username={RedshiftServers.User};Password={RedshiftServers.Password};Database=dev;Pooling=false;"
            + "SSL Mode=Disable;GSS Encryption Mode=Disable;Server Compatibility Mode=NoTypeLoading;Include Error Detail=true");
        await connection.OpenAsync(ct);
        return connection;
    }

    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Fields split by <c>|</c>, NULL as <c>\N</c>, a line a row, no final newline.</summary>
    public async Task<string> QueryAsync(string sql, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var floats = new NpgsqlCommand("SET extra_float_digits TO 2", connection);
        await floats.ExecuteNonQueryAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var lines = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            lines.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "\\N" : reader.GetString(i))));
        }

        return string.Join('\n', lines);
    }

    public Task<string> CountAsync(CancellationToken ct) => QueryAsync($"SELECT count(*) FROM {Table}", ct);

    /// <summary>What lies in the bucket, unfinished uploads too.</summary>
    public async Task<IReadOnlyList<string>> StagedAsync(CancellationToken ct)
    {
        using var client = new AmazonS3Client(
            new BasicAWSCredentials(RedshiftServers.AccessKey, RedshiftServers.SecretKey),
            new AmazonS3Config { ServiceURL = StoreAddress, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        var objects = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket }, ct);
        var uploads = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket }, ct);
        return [.. (objects.S3Objects ?? []).Select(one => one.Key), .. (uploads.MultipartUploads ?? []).Select(one => one.Key + " (unfinished)")];
    }

    /// <summary>Orders faults: rules as in the file of faults.</summary>
    public async Task FaultAsync(string json, CancellationToken ct)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(_server.FaultAddress, body, ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ct));
    }

    /// <summary>The faults with how often they fired; then none are left.</summary>
    public async Task<string> ClearFaultsAsync(CancellationToken ct)
    {
        var fired = await _http.GetStringAsync(_server.FaultAddress, ct);
        using var answer = await _http.DeleteAsync(_server.FaultAddress, ct);
        return fired;
    }

    /// <summary>For the tests that every target passes; the site takes over this case.</summary>
    public TargetSiteSettings ToSite(string options) => new()
    {
        Uri = Uri,
        Table = Table,
        Options = options,
        OpenAsync = OpenAsync,
        Environment = Variable,
        Time = new HurriedTime(),
        MostNameBytes = 63,
        LeftoversAsync = StagedAsync,
        CloseAsync = () =>
        {
            Dispose();
            return ValueTask.CompletedTask;
        },
    };

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // A server that listens everywhere is reached here.
    private string StoreAddress => _server.StoreAddress.ToString().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);

    private LoadSpec Read(string command) => Assert.Single(new CommandReader(Variable).ReadText("test.load", command, _folder));

    private RunOptions Options(CancellationToken drain) => new()
    {
        RootDirectory = Path("root"),
        Logger = _logger,
        Environment = Variable,
        OpenStandardInput = () => Stream.Null,
        Drain = drain,
        Time = Time,
        ReconnectFor = TimeSpan.FromSeconds(120),
    };

    private string? Variable(string name) => name switch
    {
        "AWS_S3_BUCKET_NAME" => Environment.GetValueOrDefault(name, Bucket),
        "AWS_ENDPOINT_URL" => Environment.GetValueOrDefault(name, StoreAddress),
        _ => Environment.GetValueOrDefault(name),
    };
}

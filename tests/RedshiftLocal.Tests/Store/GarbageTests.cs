using System.Net.Sockets;
using System.Text;

namespace RedshiftLocal.Tests.Store;

/// <summary>What no client should send. The store answers or drops it, and goes on.</summary>
public sealed class GarbageTests
{
    [Fact]
    public async Task Bytes_that_are_no_request_do_not_stop_it()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var random = new Random(21);
        for (var i = 0; i < 50; i++)
        {
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            byte[] request = i % 2 == 0 ? [.. bytes, .. "\r\n\r\n"u8] : [.. "GET / HTTP/1.1\r\nhost: x\r\n"u8, .. bytes, .. "\r\n\r\n"u8];

            Assert.NotEqual(200, (await raw.SendBytesAsync(request)).Status);
        }

        Assert.Equal(200, (await raw.SendAsync("GET", "/")).Status);
    }

    [Fact]
    public async Task Headers_beyond_all_measure_are_refused()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();

        Assert.Equal(431, (await raw.SendUnsignedAsync("GET", "/", [], ("x-long", new string('x', 20_000)))).Status);
        Assert.Equal(414, (await raw.SendUnsignedAsync("GET", "/" + new string('x', 20_000), [])).Status);
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_of_a_body_leaves_nothing()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var headers = raw.Signed("PUT", "/test-bucket/a", "", RawS3.Unsigned, [], out _);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(store.Endpoint.Host, store.Endpoint.Port, TestContext.Current.CancellationToken);
            var text = "PUT /test-bucket/a HTTP/1.1\r\n" + string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n")) + "content-length: 1000000\r\n\r\nhalf";
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
        }

        await WaitUntilAsync(() => Directory.GetFiles(Path.Combine(store.Folder, "data")).Length == 0);
        Assert.Equal(404, (await raw.SendAsync("GET", "/test-bucket/a")).Status);
    }

    [Fact]
    public async Task Clients_that_send_nothing_do_not_keep_others_waiting()
    {
        await using var store = await TestStore.StartAsync();
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                var client = new TcpClient();
                clients.Add(client);
                await client.ConnectAsync(store.Endpoint.Host, store.Endpoint.Port, TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync("GET / HTTP/1.1\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            }

            Assert.Equal(200, (await store.Raw().SendAsync("GET", "/")).Status);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("<Delete/>")]
    [InlineData("<Other><Object><Key>a</Key></Object></Other>")]
    [InlineData("<Delete><Object><Key/></Object></Delete>")]
    [InlineData("<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>")]
    [InlineData("<!DOCTYPE Delete [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Delete><Object><Key>&a;</Key></Object></Delete>")]
    public async Task Xml_that_is_not_as_it_should_be_is_refused(string body)
    {
        await using var store = await TestStore.StartAsync();
        var bytes = Encoding.UTF8.GetBytes(body);
        var crc = Convert.ToBase64String(RedshiftLocal.Store.Payloads.ChecksumAlgorithms.Of(RedshiftLocal.Store.Payloads.ChecksumAlgorithm.Crc32, bytes));

        var answer = await store.Raw().SendAsync("POST", "/test-bucket", bytes, "delete=", headers: ("x-amz-checksum-crc32", crc));

        Assert.Equal((400, "MalformedXML"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task More_than_a_thousand_keys_are_not_deleted_at_once()
    {
        await using var store = await TestStore.StartAsync();
        var bytes = Encoding.UTF8.GetBytes($"<Delete>{string.Concat(Enumerable.Range(0, 1001).Select(i => $"<Object><Key>{i}</Key></Object>"))}</Delete>");
        var crc = Convert.ToBase64String(RedshiftLocal.Store.Payloads.ChecksumAlgorithms.Of(RedshiftLocal.Store.Payloads.ChecksumAlgorithm.Crc32, bytes));

        var answer = await store.Raw().SendAsync("POST", "/test-bucket", bytes, "delete=", headers: ("x-amz-checksum-crc32", crc));

        Assert.Equal("MalformedXML", answer.Code);
    }

    [Theory]
    [InlineData("continuation-token=nonsense&list-type=2")]
    [InlineData("list-type=2&max-keys=-1")]
    [InlineData("list-type=2&max-keys=many")]
    [InlineData("encoding-type=base64&list-type=2")]
    [InlineData("list-type=3")]
    public async Task A_listing_with_nonsense_in_it_is_refused(string query)
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendAsync("GET", "/test-bucket", query: query);

        Assert.Equal((400, "InvalidArgument"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("PATCH", "/test-bucket/a")]
    [InlineData("DELETE", "/")]
    [InlineData("POST", "/test-bucket/a")]
    public async Task A_method_that_means_nothing_here_is_refused(string method, string path)
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendAsync(method, path);

        Assert.Equal((405, "MethodNotAllowed"), (answer.Status, answer.Code));
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 100 && !condition(); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.True(condition());
    }
}

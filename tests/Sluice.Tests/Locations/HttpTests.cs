using System.Net;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;
using Sluice.Sources;
using Sluice.Tests.Sources;
using Sluice.Tests.Sources.Csv;

namespace Sluice.Tests.Locations;

public sealed class HttpTests : IAsyncDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly HttpSettings _settings = new() { UseProxy = false };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_download_is_read_as_a_stream()
    {
        _server.Answers["/x.csv"] = ScriptedServer.Ok("1,2\n");
        var input = Resolve("/x.csv");
        Assert.Equal($"http://127.0.0.1:{_server.Port}/x.csv", input.Label);
        Assert.False(input.CanReopen);
        var opened = await input.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, opened.Bytes);
        Assert.Equal("1,2\n", await TextAsync(opened));
    }

    [Fact]
    public async Task A_body_without_a_length_is_read_to_its_end()
    {
        _server.Answers["/x"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\n1,2\r\n1\r\n\n\r\n0\r\n\r\n";
        var opened = await Resolve("/x").OpenAsync(TestContext.Current.CancellationToken);
        Assert.Null(opened.Bytes);
        Assert.Equal("1,2\n", await TextAsync(opened));
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found", "HTTP 404 Not Found")]
    [InlineData("HTTP/1.1 403 Forbidden", "HTTP 403 Forbidden")]
    [InlineData("HTTP/1.1 500 Oops", "HTTP 500 Oops")]
    [InlineData("HTTP/1.1 204 No Content", "HTTP 204 No Content")]
    [InlineData("HTTP/1.1 206 Partial Content", "HTTP 206 Partial Content")]
    public async Task Any_answer_but_200_is_an_error(string status, string message)
    {
        _server.Answers["/x"] = $"{status}\r\nConnection: close\r\n\r\n";
        Assert.Equal($"http://127.0.0.1:{_server.Port}/x cannot be read: {message}", await FailsAsync("/x"));
    }

    [Fact]
    public async Task Credentials_and_query_are_sent_but_never_shown()
    {
        _server.Answers["/x?sig=geheim"] = "HTTP/1.1 403 No\r\nConnection: close\r\n\r\n";
        var address = new Uri($"http://me:pa%40ss@127.0.0.1:{_server.Port}/x?sig=geheim");
        var input = Assert.Single(Opener().Resolve(new FileLocation.Http(address)));
        var failure = await Assert.ThrowsAsync<SourceException>(() => input.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"http://127.0.0.1:{_server.Port}/x?… cannot be read: HTTP 403 No", failure.Message);
        Assert.Contains("Authorization: Basic bWU6cGFAc3M=", _server.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirects_are_followed(int code)
    {
        _server.Answers["/a"] = ScriptedServer.Redirect("/b", code);
        _server.Answers["/b"] = ScriptedServer.Redirect(_server.Address("/c").ToString(), code);
        _server.Answers["/c"] = ScriptedServer.Ok("x");
        Assert.Equal("x", await TextAsync(await Resolve("/a").OpenAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_redirect_loop_is_noticed()
    {
        _server.Answers["/a"] = ScriptedServer.Redirect("/b");
        _server.Answers["/b"] = ScriptedServer.Redirect("/a");
        var url = _server.Address("/a");
        Assert.Equal($"{url} is a redirect loop: it leads back to {url}", await FailsAsync("/a"));
    }

    [Fact]
    public async Task More_than_five_redirects_are_refused()
    {
        for (var i = 0; i < 8; i++)
        {
            _server.Answers[$"/{i}"] = ScriptedServer.Redirect($"/{i + 1}");
        }

        _server.Answers["/6"] = ScriptedServer.Ok("too far");
        Assert.Equal($"{_server.Address("/0")} redirects more than 5 times", await FailsAsync("/0"));
        Assert.Equal(6, _server.Requests.Count);
        Assert.Equal("too far", await TextAsync(await Resolve("/1").OpenAsync(TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data", "169.254.169.254")]
    [InlineData("http://[fe80::1]/x", "fe80::1")]
    [InlineData("http://[::ffff:169.254.1.2]/x", "169.254.1.2")]
    [InlineData("http://[fd00:ec2::254]/x", "fd00:ec2::254")]
    [InlineData("http://100.100.100.200/x", "100.100.100.200")]
    [InlineData("http://0xA9FEA9FE/x", "169.254.169.254")]
    public async Task A_redirect_to_a_link_local_or_metadata_address_is_refused(string target, string address)
    {
        _server.Answers["/a"] = ScriptedServer.Redirect(target);
        var message = await FailsAsync("/a");
        Assert.StartsWith("A redirect to http://", message, StringComparison.Ordinal);
        Assert.EndsWith($"is refused: {address} is a link-local or cloud metadata address", message.Replace("::ffff:", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_redirect_to_a_name_with_such_an_address_is_refused(bool useProxy)
    {
        _server.Answers["/a"] = ScriptedServer.Redirect("http://metadata.example/x");
        var opener = new LocationOpener(() => Stream.Null, _settings with
        {
            UseProxy = useProxy,
            ResolveHost = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("169.254.169.254")]),
        });
        var input = opener.Resolve(new FileLocation.Http(_server.Address("/a")))[0];
        var failure = await Assert.ThrowsAsync<SourceException>(() => input.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal("A redirect to http://metadata.example/x is refused: 169.254.169.254 is a link-local or cloud metadata address", failure.Message);
    }

    [Theory]
    [InlineData("ftp://host/x", "redirects to an address that is not HTTP (ftp:)")]
    [InlineData("file:///etc/passwd", "redirects to an address that is not HTTP (file:)")]
    public async Task A_redirect_to_another_scheme_is_refused(string target, string message)
    {
        _server.Answers["/a"] = ScriptedServer.Redirect(target);
        Assert.Equal($"{_server.Address("/a")} {message}", await FailsAsync("/a"));
    }

    [Fact]
    public async Task A_redirect_to_nowhere_is_an_error()
    {
        _server.Answers["/a"] = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Assert.Equal($"{_server.Address("/a")} redirects, but does not say where to", await FailsAsync("/a"));
    }

    [Fact]
    public async Task The_password_is_not_sent_to_the_server_of_a_redirect()
    {
        await using var other = new ScriptedServer();
        other.Answers["/b"] = ScriptedServer.Ok("x");
        _server.Answers["/a"] = ScriptedServer.Redirect(other.Address("/b").ToString());
        var address = new Uri($"http://me:secret@127.0.0.1:{_server.Port}/a");
        var opened = await Opener().Resolve(new FileLocation.Http(address))[0].OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal("x", await TextAsync(opened));
        Assert.Contains("Authorization", _server.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", other.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 100", "4 of 100 bytes")]
    [InlineData("Transfer-Encoding: chunked", "4 bytes")]
    public async Task A_body_that_ends_early_is_an_error_not_a_shorter_file(string header, string read)
    {
        var body = header.StartsWith('C') ? "1,2\n" : "4\r\n1,2\n\r\n";
        _server.Answers["/x"] = $"HTTP/1.1 200 OK\r\n{header}\r\nConnection: close\r\n\r\n{body}";
        await using var source = SourceRegistry.Text(CsvRun.Settings([], CsvRun.Comma, "a", "b") with { Inputs = [Resolve("/x")] });
        var units = await source.SplitAsync(TestContext.Current.CancellationToken);
        var rows = new CollectingRowWriter();
        var failure = await Assert.ThrowsAsync<SourceException>(() => source.ReadAsync(units[0], rows, TestContext.Current.CancellationToken));
        Assert.Equal($"The connection to {_server.Address("/x")} ended early: {read} were read", failure.Message);
    }

    [Fact]
    public async Task A_body_that_stalls_is_an_error()
    {
        _server.Answers["/x"] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n1,2\n";
        _server.Stalls.Add("/x");
        var opener = new LocationOpener(() => Stream.Null, _settings with { StallTimeout = TimeSpan.FromMilliseconds(200) });
        var opened = await opener.Resolve(new FileLocation.Http(_server.Address("/x")))[0].OpenAsync(TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<SourceException>(() => TextAsync(opened));
        Assert.Equal($"{_server.Address("/x")} stalled: no bytes for 0.2 s, after 4 bytes", failure.Message);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_an_error()
    {
        _server.Answers["/x"] = "";
        _server.Stalls.Add("/x");
        var opener = new LocationOpener(() => Stream.Null, _settings with { StallTimeout = TimeSpan.FromMilliseconds(200) });
        var input = opener.Resolve(new FileLocation.Http(_server.Address("/x")))[0];
        var failure = await Assert.ThrowsAsync<SourceException>(() => input.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"{_server.Address("/x")} does not answer", failure.Message);
    }

    [Fact]
    public async Task A_refused_connection_is_an_error()
    {
        var closed = new Uri($"http://127.0.0.1:{Free()}/x");
        var input = Opener().Resolve(new FileLocation.Http(closed))[0];
        var failure = await Assert.ThrowsAsync<SourceException>(() => input.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"{closed} cannot be read: the connection was refused", failure.Message);
    }

    [Fact]
    public async Task An_answer_that_is_compressed_unasked_is_refused()
    {
        _server.Answers["/x"] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx";
        Assert.Contains("sends it compressed (gzip)", await FailsAsync("/x"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/x.tar.gz", ".tar")]
    [InlineData("/x.zip?a=b", ".zip")]
    public void An_archive_is_refused_by_name(string path, string extension)
    {
        var failure = Assert.Throws<SourceException>(() => Resolve(path));
        Assert.Contains($"is a {extension} file", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_download_that_fails_does_so_before_any_unit_is_read()
    {
        await using var source = SourceRegistry.Text(CsvRun.Settings([], CsvRun.Comma, "a") with { Inputs = [Resolve("/missing.csv")] });
        await Assert.ThrowsAsync<SourceException>(() => source.SplitAsync(TestContext.Current.CancellationToken));
    }

    private static int Free()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> TextAsync(OpenedInput opened)
    {
        using var reader = new StreamReader(opened.Stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private LocationOpener Opener() => new(() => Stream.Null, _settings);

    private InputFile Resolve(string path) => Assert.Single(Opener().Resolve(new FileLocation.Http(_server.Address(path))));

    private async Task<string> FailsAsync(string path) =>
        (await Assert.ThrowsAsync<SourceException>(() => Resolve(path).OpenAsync(TestContext.Current.CancellationToken))).Message;
}

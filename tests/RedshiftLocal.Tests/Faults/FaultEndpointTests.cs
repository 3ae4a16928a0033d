using System.Net;
using System.Text;
using RedshiftLocal.Faults;

namespace RedshiftLocal.Tests.Faults;

public sealed class FaultEndpointTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_are_ordered_listed_and_taken_back()
    {
        var plan = new FaultPlan();
        await using var endpoint = await FaultEndpoint.StartAsync(IPAddress.Loopback, 0, plan, Ct);
        using var http = new HttpClient();

        using var posted = await http.PostAsync(endpoint.Address, Json("""{"faults": [{"point": "copy", "kind": "drop", "nth": 2}, {"point": "copy", "kind": "delay", "delayMs": 5}]}"""), Ct);
        plan.Take(FaultPoint.Copy, "x");
        var listed = await http.GetStringAsync(endpoint.Address, Ct);
        using var removed = await http.DeleteAsync(new Uri(endpoint.Address + "/1"), Ct);
        var left = await http.GetStringAsync(endpoint.Address, Ct);
        using var cleared = await http.DeleteAsync(endpoint.Address, Ct);

        Assert.Equal((HttpStatusCode.Created, "{\"ids\":[1,2]}\n"), (posted.StatusCode, await posted.Content.ReadAsStringAsync(Ct)));
        Assert.Contains("""{"id":1,"rule":{"point":"copy","nth":2,"kind":"drop","delayMs":0},"passages":1,"fired":0}""", listed, StringComparison.Ordinal);
        Assert.Contains("\"passages\":1,\"fired\":1", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("\"id\":1,", left, StringComparison.Ordinal);
        Assert.Equal("{\"faults\":[]}\n", await cleared.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("POST", "/faults", "{", 400)]
    [InlineData("PUT", "/faults", "", 405)]
    [InlineData("GET", "/", "", 404)]
    [InlineData("DELETE", "/faults/7", "", 404)]
    [InlineData("DELETE", "/faults/x", "", 404)]
    public async Task What_it_does_not_know_it_refuses_in_words(string method, string path, string body, int status)
    {
        await using var endpoint = await FaultEndpoint.StartAsync(IPAddress.Loopback, 0, new FaultPlan(), Ct);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(endpoint.Address, path)) { Content = Json(body) };

        using var answer = await http.SendAsync(request, Ct);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.StartsWith("{\"error\":\"", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}

using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RedshiftLocal.Http;

namespace RedshiftLocal.Faults;

/// <summary>
/// Faults over HTTP: GET /faults lists, POST /faults adds (the file's format), DELETE /faults clears, DELETE /faults/N
/// removes one; GET /statements lists the statements that sessions received, secrets masked.
/// </summary>
public sealed class FaultEndpoint : IAsyncDisposable
{
    private const int LargestBody = 1 << 20;

    private readonly FaultPlan _plan;
    private readonly Func<IReadOnlyList<string>> _statements;
    private KestrelHost? _host;

    private FaultEndpoint(FaultPlan plan, Func<IReadOnlyList<string>> statements)
    {
        _plan = plan;
        _statements = statements;
    }

    public Uri Address => new(_host!.Address, "/faults");

    /// <summary>An endpoint without a record of statements.</summary>
    public static Task<FaultEndpoint> StartAsync(IPAddress listen, int port, FaultPlan plan, CancellationToken ct) =>
        StartAsync(listen, port, plan, () => [], ct);

    /// <summary>Throws <see cref="IOException"/> when the address cannot be had.</summary>
    public static async Task<FaultEndpoint> StartAsync(
        IPAddress listen, int port, FaultPlan plan, Func<IReadOnlyList<string>> statements, CancellationToken ct)
    {
        var endpoint = new FaultEndpoint(plan, statements);
        endpoint._host = await KestrelHost.StartAsync(
            new IPEndPoint(listen, port), options => options.Limits.MaxRequestBodySize = LargestBody, endpoint.AnswerAsync, ct);
        return endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(new CancellationToken(canceled: true));
            await _host.DisposeAsync();
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        try
        {
            var (status, body) = await DecideAsync(http);
            await WriteAsync(http, status, body);
        }
        catch (InvalidDataException exception)
        {
            await WriteAsync(http, StatusCodes.Status400BadRequest, Error(exception.Message));
        }
        catch (BadHttpRequestException exception)
        {
            await WriteAsync(http, exception.StatusCode, Error(exception.Message));
        }
    }

    private async Task<(int Status, string Body)> DecideAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        if (path == "/faults")
        {
            switch (http.Request.Method)
            {
                case "GET":
                    return (StatusCodes.Status200OK, _plan.Describe());
                case "POST":
                    using (var reader = new StreamReader(http.Request.Body, Encoding.UTF8))
                    {
                        var ids = _plan.Add(FaultPlan.Parse(await reader.ReadToEndAsync(http.RequestAborted)));
                        return (StatusCodes.Status201Created, JsonSerializer.Serialize(new { ids }));
                    }

                case "DELETE":
                    _plan.Clear();
                    return (StatusCodes.Status200OK, _plan.Describe());
                default:
                    return (StatusCodes.Status405MethodNotAllowed, Error("GET, POST and DELETE are known"));
            }
        }

        if (path == "/statements" && http.Request.Method == "GET")
        {
            return (StatusCodes.Status200OK, JsonSerializer.Serialize(new { statements = _statements() }));
        }

        if (http.Request.Method == "DELETE" && path.StartsWith("/faults/", StringComparison.Ordinal)
            && int.TryParse(path.AsSpan("/faults/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return _plan.Remove(id)
                ? (StatusCodes.Status200OK, _plan.Describe())
                : (StatusCodes.Status404NotFound, Error($"There is no fault {id}"));
        }

        return (StatusCodes.Status404NotFound, Error("The addresses are /faults and /statements"));
    }

    private static string Error(string message) => JsonSerializer.Serialize(new { error = message });

    private static async Task WriteAsync(HttpContext http, int status, string body)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(body + "\n", http.RequestAborted);
        }
    }
}

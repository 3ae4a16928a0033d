using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Locations;

/// <summary>Opens one download as a stream. Redirects are followed here, not by the HTTP library, so that each is judged.</summary>
internal sealed class HttpDownload(HttpSettings settings)
{
    private const int MaxRedirects = 5;

    private static readonly HttpRequestOptionsKey<bool> IsRedirected = new("sluice.redirected");

    /// <summary>An address without user, password and query: safe to show.</summary>
    public static string Label(Uri address) =>
        Printable.Escape(address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped))
        + (address.Query.Length > 1 ? "?…" : "");

    /// <exception cref="SourceException">There is no answer, or not the wanted one.</exception>
    public async Task<OpenedInput> OpenAsync(Uri address, CancellationToken ct)
    {
        var client = NewClient();
        try
        {
            var response = await FollowAsync(client, address, ct).ConfigureAwait(false);
            var bytes = response.Content.Headers.ContentLength;
            var body = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
            return new OpenedInput(new HttpBody(body, response, client, Label(address), bytes, settings.StallTimeout), bytes);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(HttpClient client, Uri first, CancellationToken ct)
    {
        var visited = new HashSet<Uri>();
        var address = first;
        for (var hop = 0; ; hop++)
        {
            if (!visited.Add(address))
            {
                throw new SourceException($"{Label(first)} is a redirect loop: it leads back to {Label(address)}");
            }

            if (hop > 0 && settings.UseProxy)
            {
                await JudgeAsync(address, ct).ConfigureAwait(false);
            }

            var response = await SendAsync(client, first, address, hop > 0, ct).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return Checked(response, address);
            }

            using (response)
            {
                if (!IsRedirect(response.StatusCode))
                {
                    throw StatusError(response, address);
                }

                if (hop == MaxRedirects)
                {
                    throw new SourceException($"{Label(first)} redirects more than {MaxRedirects} times");
                }

                address = Target(response, address);
            }
        }
    }

    // With a proxy the name is not resolved here to connect, so it is resolved to be judged; a name that only the proxy knows passes.
    private async Task JudgeAsync(Uri address, CancellationToken ct)
    {
        try
        {
            var addresses = await settings.ResolveHost(address.Host, ct).ConfigureAwait(false);
            if (addresses.FirstOrDefault(InternalAddress.IsForbidden) is { } forbidden)
            {
                throw Forbidden(address, forbidden);
            }
        }
        catch (SocketException)
        {
            // Not known here.
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient client, Uri first, Uri address, bool isRedirected, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(address) { UserName = "", Password = "", Fragment = "" }.Uri);
        request.Options.Set(IsRedirected, isRedirected);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.UserAgent.ParseAdd("sluice");
        // The password is for the server it was written for, and no other.
        if (first.UserInfo.Length > 0 && Uri.Compare(first, address, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            var user = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(first.UserInfo));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(user));
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(settings.StallTimeout);
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException failure) when (!ct.IsCancellationRequested)
        {
            throw new SourceException($"{Label(address)} does not answer", null, failure);
        }
        catch (HttpRequestException failure)
        {
            throw failure.InnerException as SourceException ?? ConnectError(address, failure);
        }
    }

    private static SourceException ConnectError(Uri address, HttpRequestException failure)
    {
        var reason = failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => $"the host name {Printable.Escape(address.Host)} is not known",
            HttpRequestError.SecureConnectionError => "no secure connection could be made: "
                + ((failure.InnerException as AuthenticationException)?.Message ?? failure.Message),
            HttpRequestError.ResponseEnded => "the server closed the connection without an answer",
            _ => (failure.InnerException as SocketException)?.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "the connection was refused",
                SocketError.HostNotFound => $"the host name {Printable.Escape(address.Host)} is not known",
                _ => Printable.Escape(failure.InnerException?.Message ?? failure.Message),
            },
        };
        return new SourceException($"{Label(address)} cannot be read: {reason}", null, failure);
    }

    private static HttpResponseMessage Checked(HttpResponseMessage response, Uri address)
    {
        var packing = response.Content.Headers.ContentEncoding.FirstOrDefault(e => !e.Equals("identity", StringComparison.OrdinalIgnoreCase));
        if (packing is null)
        {
            return response;
        }

        response.Dispose();
        throw new SourceException($"{Label(address)} cannot be read: the server sends it compressed ({Printable.Escape(packing)}) though that was not asked for");
    }

    private static SourceException StatusError(HttpResponseMessage response, Uri address)
    {
        var code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return new SourceException($"{Label(address)} cannot be read: HTTP {code} {Printable.Escape(response.ReasonPhrase ?? "")}".TrimEnd(),
            response.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "The server wants a user that may read it: http://user:password@host/…",
                HttpStatusCode.NotFound or HttpStatusCode.Gone => "Check the address",
                _ => null,
            });
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.Moved or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static Uri Target(HttpResponseMessage response, Uri address)
    {
        var location = response.Headers.Location
            ?? throw new SourceException($"{Label(address)} redirects, but does not say where to");
        var target = location.IsAbsoluteUri ? location : new Uri(address, location);
        if (target.Scheme is not ("http" or "https"))
        {
            throw new SourceException($"{Label(address)} redirects to an address that is not HTTP ({Printable.Escape(target.Scheme)}:)");
        }

        if (address.Scheme == "https" && target.Scheme == "http")
        {
            throw new SourceException($"{Label(address)} redirects from https to plain http ({Label(target)}), which is refused",
                "Write that address in the command if you trust it");
        }

        if (IPAddress.TryParse(target.Host.Trim('[', ']'), out var literal) && InternalAddress.IsForbidden(literal))
        {
            throw Forbidden(target, literal);
        }

        return new UriBuilder(target) { UserName = "", Password = "" }.Uri;
    }

    private static SourceException Forbidden(Uri? target, IPAddress address) =>
        new($"A redirect to {(target is null ? "a host" : Label(target))} is refused: {address} is a link-local or cloud metadata address",
            "Write that address in the command if you trust it");

    private HttpClient NewClient()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = settings.UseProxy,
            ConnectTimeout = settings.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        };
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    // The addresses that are judged are the ones connected to: a name that changes its mind in between gains nothing.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal)
            ? [literal]
            : await settings.ResolveHost(host, ct).ConfigureAwait(false);
        context.InitialRequestMessage.Options.TryGetValue(IsRedirected, out var isRedirected);
        if (isRedirected && addresses.FirstOrDefault(InternalAddress.IsForbidden) is { } forbidden)
        {
            throw Forbidden(context.InitialRequestMessage.RequestUri, forbidden);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

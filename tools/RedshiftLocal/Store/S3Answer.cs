using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace RedshiftLocal.Store;

/// <summary>Writes answers.</summary>
internal static class S3Answer
{
    public static async Task XmlAsync(S3Request request, XElement root)
    {
        var body = S3Xml.Write(root);
        request.Response.ContentType = "application/xml";
        request.Response.ContentLength = body.Length;
        await request.Response.Body.WriteAsync(body, request.Aborted);
    }

    public static void NoContent(S3Request request) => request.Response.StatusCode = StatusCodes.Status204NoContent;

    /// <summary>The error as S3 words it; without a body for HEAD. Nothing can be said once an answer has begun.</summary>
    public static async Task ErrorAsync(HttpContext http, S3Exception error, string requestId, string resource)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        Begin(http, error);
        if (http.Request.Method == "HEAD" || error.Status == StatusCodes.Status304NotModified)
        {
            return;
        }

        var elements = new List<XElement> { new("Code", error.Code), new("Message", error.Message) };
        elements.AddRange(error.Details.Select(detail => new XElement(detail.Name, detail.Value)));
        elements.Add(new XElement("Resource", resource));
        elements.Add(new XElement("RequestId", requestId));
        elements.Add(new XElement("HostId", requestId));
        await BodyAsync(http, new XElement("Error", elements));
    }

    /// <summary>The error in the form of STS.</summary>
    public static async Task TokenServiceErrorAsync(HttpContext http, S3Exception error, string requestId)
    {
        Begin(http, error);
        XNamespace space = SecurityTokenNamespace;
        await BodyAsync(http, new XElement(
            space + "ErrorResponse",
            new XElement(
                space + "Error",
                new XElement(space + "Type", error.Status < 500 ? "Sender" : "Receiver"),
                new XElement(space + "Code", error.Code),
                new XElement(space + "Message", error.Message)),
            new XElement(space + "RequestId", requestId)));
    }

    public const string SecurityTokenNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    private static void Begin(HttpContext http, S3Exception error)
    {
        http.Response.StatusCode = error.Status;
        http.Response.ContentLength = null;
        foreach (var (name, value) in error.Headers)
        {
            http.Response.Headers[name] = value;
        }
    }

    private static async Task BodyAsync(HttpContext http, XElement root)
    {
        var body = S3Xml.Write(root);
        http.Response.ContentType = "application/xml";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}

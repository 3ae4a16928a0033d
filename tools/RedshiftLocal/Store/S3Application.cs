using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using RedshiftLocal.Faults;
using RedshiftLocal.Store.Disk;
using RedshiftLocal.Store.Operations;
using RedshiftLocal.Store.Payloads;
using RedshiftLocal.Store.Signatures;

namespace RedshiftLocal.Store;

/// <summary>Answers requests: faults first, then who it is, then what is wanted. Nothing a client sends gets past it.</summary>
internal sealed class S3Application
{
    private const int LargestForm = 64 * 1024;

    private readonly S3StoreOptions _options;
    private readonly ObjectStore _store;
    private readonly Authenticator _authenticator;
    private readonly SecurityTokenService _tokens;

    public S3Application(S3StoreOptions options, ObjectStore store)
    {
        _options = options;
        _store = store;
        var credentials = new CredentialStore(options.Credentials, options.Time, options.Secrets);
        _authenticator = new Authenticator(credentials, options.Time);
        _tokens = new SecurityTokenService(options, credentials);
    }

    public async Task AnswerAsync(HttpContext http)
    {
        var id = RandomNumberGenerator.GetHexString(16);
        http.Response.Headers["x-amz-request-id"] = id;
        http.Response.Headers["x-amz-id-2"] = id;
        http.Response.Headers.Server = "AmazonS3";
        try
        {
            await DispatchAsync(http, id);
        }
        catch (S3Exception error)
        {
            await TryErrorAsync(http, error, id);
        }
        catch (BadHttpRequestException error)
        {
            await TryErrorAsync(http, Translate(error), id);
        }
        catch (Exception error) when (error is OperationCanceledException or ConnectionResetException or ConnectionAbortedException
            && http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (Exception error)
        {
            _options.Log?.Invoke($"The store failed at {http.Request.Method} {http.Request.Path}: {error.GetType().Name}: {error.Message}");
            await TryErrorAsync(http, S3Errors.InternalError(), id);
        }
    }

    private static S3Exception Translate(BadHttpRequestException error) => error.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => new S3Exception(
            400, "RequestTimeout", "Your socket connection to the server was not read from or written to within the timeout period."),
        StatusCodes.Status413PayloadTooLarge => S3Errors.EntityTooLarge(Payload.LargestObject),
        _ => S3Errors.IncompleteBody(),
    };

    // The client may be gone by now; then there is nobody to tell.
    private static async Task TryErrorAsync(HttpContext http, S3Exception error, string id)
    {
        try
        {
            await S3Answer.ErrorAsync(http, error, id, http.Request.Path);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            http.Abort();
        }
    }

    private async Task DispatchAsync(HttpContext http, string id)
    {
        var request = new S3Request(http, _options.HostNames, id);
        var fault = _options.Faults.Take(FaultPoint.StoreRequest, $"{request.Method} /{request.BucketName}{(request.Key is null ? "" : "/")}{request.Key}");
        if (fault is not null && !await ApplyAsync(fault, http))
        {
            return;
        }

        var isTokenService = request.BucketName is null && (request.Method == "POST" || request.Query.Has("Action"));
        if (isTokenService)
        {
            await AnswerTokenServiceAsync(request);
            return;
        }

        var caller = _authenticator.Authenticate(request, "s3", bodyHash: null);
        var isCompletion = request.Method == "POST" && request.Query.Has("uploadId");
        var payload = new Payload(request, caller, hasChecksum: !isCompletion);
        await S3Router.RunAsync(new S3Call(_options, _store, request, caller, payload, fault));
    }

    // False: the fault was the answer.
    private async Task<bool> ApplyAsync(Fault fault, HttpContext http)
    {
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, _options.Time, http.RequestAborted);
        }

        if (fault.Kind == FaultKind.Drop)
        {
            http.Abort();
            return false;
        }

        return fault.Kind == FaultKind.Error ? throw OrderedError.Create(fault) : true;
    }

    private async Task AnswerTokenServiceAsync(S3Request request)
    {
        try
        {
            var body = await ReadFormAsync(request);
            var form = (request.Method == "POST" ? QueryValues.Parse(Encoding.UTF8.GetString(body)) : request.Query)
                ?? throw S3Errors.InvalidUri("the form");
            var caller = _authenticator.Authenticate(request, "sts", Convert.ToHexStringLower(SHA256.HashData(body)));
            request.Response.Headers["x-amzn-RequestId"] = request.Id;
            await S3Answer.XmlAsync(request, _tokens.Answer(caller, form, request.Id));
        }
        catch (S3Exception error)
        {
            await S3Answer.TokenServiceErrorAsync(request.Http, SecurityTokenService.Translate(error), request.Id);
        }
    }

    private static async Task<byte[]> ReadFormAsync(S3Request request)
    {
        var buffer = new byte[LargestForm + 1];
        var length = await request.Http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, request.Aborted);
        return length <= LargestForm ? buffer[..length] : throw S3Errors.EntityTooLarge(LargestForm);
    }
}

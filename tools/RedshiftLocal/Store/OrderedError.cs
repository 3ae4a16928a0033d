using RedshiftLocal.Faults;

namespace RedshiftLocal.Store;

/// <summary>The S3 error that a fault orders, with the status that S3 gives it.</summary>
internal static class OrderedError
{
    public static S3Exception Create(Fault fault)
    {
        var code = fault.Code ?? "InternalError";
        var (status, message) = code switch
        {
            "SlowDown" => (503, "Please reduce your request rate."),
            "ServiceUnavailable" => (503, "Service is unable to handle request."),
            "InternalError" => (500, "We encountered an internal error. Please try again."),
            "ExpiredToken" => (400, "The provided token has expired."),
            "RequestTimeout" => (400, "Your socket connection to the server was not read from or written to within the timeout period."),
            "AccessDenied" => (403, "Access Denied"),
            "InvalidAccessKeyId" => (403, "The AWS Access Key Id you provided does not exist in our records."),
            "SignatureDoesNotMatch" => (
                403, "The request signature we calculated does not match the signature you provided. Check your key and signing method."),
            "RequestTimeTooSkewed" => (403, "The difference between the request time and the current time is too large."),
            "NoSuchKey" => (404, "The specified key does not exist."),
            "NoSuchBucket" => (404, "The specified bucket does not exist"),
            "NoSuchUpload" => (404, "The specified upload does not exist."),
            "OperationAborted" => (409, "A conflicting conditional action is currently in progress against this resource. Please try again."),
            "PreconditionFailed" => (412, "At least one of the pre-conditions you specified did not hold"),
            _ => (400, "This error was ordered."),
        };
        return new S3Exception(status, code, fault.Message ?? message);
    }
}

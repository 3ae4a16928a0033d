using System.Xml.Linq;

namespace RedshiftLocal.Store.Operations;

/// <summary>Deletes up to 1,000 keys at once. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html</summary>
internal static class DeleteManyOperation
{
    private const int MostKeys = 1000;
    private const int LargestBody = 2 << 20;

    public static async Task DeleteManyAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.None);
        if (!call.Payload.IsProtected)
        {
            throw S3Errors.InvalidRequest("Missing required header for this request: Content-MD5");
        }

        var request = S3Xml.Parse(await call.Payload.ReceiveAllAsync(LargestBody, call.Aborted), "Delete");
        var items = request.Children("Object").ToList();
        if (items.Count is 0 or > MostKeys)
        {
            throw S3Errors.MalformedXml();
        }

        var keys = items.Select(item => item.Text("Key") is { Length: > 0 } key ? key : throw S3Errors.MalformedXml()).ToList();
        if (items.Any(item => item.Text("ETag") is not null || item.Text("VersionId") is not (null or "null")))
        {
            throw S3Errors.NotImplemented("ETag, VersionId");
        }

        var isQuiet = request.Text("Quiet") == "true";
        var isAllowed = call.Caller.May(bucket.Info.Name, S3Rights.Delete);
        var results = new List<XElement>();
        foreach (var key in keys)
        {
            if (!isAllowed)
            {
                results.Add(S3Xml.Element(
                    "Error", S3Xml.Element("Key", key), S3Xml.Element("Code", "AccessDenied"), S3Xml.Element("Message", "Access Denied")));
                continue;
            }

            bucket.Remove(key);
            if (!isQuiet)
            {
                results.Add(S3Xml.Element("Deleted", S3Xml.Element("Key", key)));
            }
        }

        await S3Answer.XmlAsync(call.Request, S3Xml.Element("DeleteResult", results));
    }
}

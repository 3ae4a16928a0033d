using System.Globalization;
using RedshiftLocal.Store.Disk;

namespace RedshiftLocal.Store.Operations;

/// <summary>The part of an object that is asked for.</summary>
/// <remarks>IsPart: False: the whole, and the answer is 200.</remarks>
internal readonly record struct ByteRange(long Offset, long Length, bool IsPart)
{
    /// <summary>From Range or partNumber. Throws 416. What is no range of bytes is ignored, as RFC 9110 says.</summary>
    public static ByteRange Read(S3Request request, StoredObject stored)
    {
        var header = request.Header("Range");
        if (request.Query["partNumber"] is { } part)
        {
            return header is null
                ? Part(part, stored)
                : throw S3Errors.InvalidRequest("Cannot specify both Range header and partNumber query parameter");
        }

        return header is null ? new ByteRange(0, stored.Size, IsPart: false) : Parse(header, stored.Size) ?? new ByteRange(0, stored.Size, IsPart: false);
    }

    /// <summary>Null when it is not one range of bytes. Throws 416 when none of its bytes exist.</summary>
    public static ByteRange? Parse(string header, long size)
    {
        if (!header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var text = header["bytes=".Length..].Trim();
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !TryNumber(text[..dash], out var first) || !TryNumber(text[(dash + 1)..], out var last) || (first ?? last) is null)
        {
            return null;
        }

        if (first is null)
        {
            first = Math.Max(0, size - last!.Value);
            return last > 0 && size > 0 ? new ByteRange(first.Value, size - first.Value, IsPart: true) : throw Unsatisfiable(header, size);
        }

        if (last < first)
        {
            return null;
        }

        var end = Math.Min(last ?? long.MaxValue, size - 1);
        return first < size ? new ByteRange(first.Value, end - first.Value + 1, IsPart: true) : throw Unsatisfiable(header, size);
    }

    private static ByteRange Part(string text, StoredObject stored)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 10_000)
        {
            throw S3Errors.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
        }

        if (number > (stored.IsMultipart ? stored.Segments.Length : 1))
        {
            throw new S3Exception(416, "InvalidPartNumber", "The requested partnumber is not satisfiable", ("PartNumberRequested", text));
        }

        return stored.IsMultipart
            ? new ByteRange(stored.Segments.Take(number - 1).Sum(segment => segment.Length), stored.Segments[number - 1].Length, IsPart: true)
            : new ByteRange(0, stored.Size, IsPart: true);
    }

    private static bool TryNumber(string text, out long? number)
    {
        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        return number is not null || text.Length == 0;
    }

    private static S3Exception Unsatisfiable(string header, long size) => new(
        416,
        "InvalidRange",
        "The requested range is not satisfiable",
        ("RangeRequested", header),
        ("ActualObjectSize", size.ToString(CultureInfo.InvariantCulture)))
    {
        Headers = new() { ["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes */{size}") },
    };
}

using System.Xml;

namespace RedshiftLocal.Copy.S3;

/// <summary>Reads the store's XML answers.</summary>
internal static class S3Xml
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true, XmlResolver = null };

    /// <summary>The texts of the direct children of the root; empty when it is no such document.</summary>
    public static IReadOnlyDictionary<string, string> Fields(ReadOnlyMemory<byte> xml, string root)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml.ToArray()), Settings);
            if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != root)
            {
                return fields;
            }

            reader.Read();
            while (!reader.EOF && reader.NodeType != XmlNodeType.EndElement)
            {
                if (reader.NodeType != XmlNodeType.Element)
                {
                    reader.Read();
                    continue;
                }

                var name = reader.LocalName;
                using var element = reader.ReadSubtree();
                element.Read();
                fields[name] = TextOf(element);
                element.Close();
                reader.Read();
            }
        }
        catch (XmlException)
        {
            // What was read until then is all there is.
        }

        return fields;
    }

    /// <summary>One page of ListObjectsV2.</summary>
    public static S3ListPage ListPage(Stream xml)
    {
        var objects = new List<S3Object>();
        string? next = null;
        var truncated = false;
        using var reader = XmlReader.Create(xml, Settings);
        if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "ListBucketResult")
        {
            throw new XmlException("Not a list of objects");
        }

        string? key = null;
        long size = 0;
        reader.Read();
        while (!reader.EOF)
        {
            if (reader.NodeType == XmlNodeType.EndElement && reader.LocalName == "Contents" && key is not null)
            {
                objects.Add(new S3Object(key, size));
                key = null;
            }

            if (reader.NodeType != XmlNodeType.Element)
            {
                reader.Read();
                continue;
            }

            switch (reader.LocalName)
            {
                case "Key" when reader.Depth == 2:
                    key = reader.ReadElementContentAsString();
                    break;
                case "Size":
                    size = reader.ReadElementContentAsLong();
                    break;
                case "IsTruncated":
                    truncated = reader.ReadElementContentAsBoolean();
                    break;
                case "NextContinuationToken":
                    next = reader.ReadElementContentAsString();
                    break;
                default:
                    reader.Read();
                    break;
            }
        }

        return new S3ListPage(objects, truncated ? next : null);
    }

    private static string TextOf(XmlReader element)
    {
        var text = new System.Text.StringBuilder();
        while (element.Read())
        {
            if (element.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
            {
                text.Append(element.Value);
            }
        }

        return text.ToString();
    }
}

/// <summary>A key and the object's size in bytes.</summary>
internal sealed record S3Object(string Key, long Size);

internal sealed record S3ListPage(IReadOnlyList<S3Object> Objects, string? NextToken);

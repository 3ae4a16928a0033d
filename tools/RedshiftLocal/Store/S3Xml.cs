using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace RedshiftLocal.Store;

/// <summary>XML of requests and answers.</summary>
internal static class S3Xml
{
    public static readonly XNamespace Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    // Keys may hold characters that XML has no place for; S3 writes them as references all the same.
    private static readonly XmlWriterSettings Writing = new()
    {
        Encoding = new UTF8Encoding(false),
        CheckCharacters = false,
        NewLineHandling = NewLineHandling.Entitize,
    };

    public static byte[] Write(XElement root)
    {
        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, Writing))
        {
            new XDocument(root).Save(writer);
        }

        return buffer.ToArray();
    }

    /// <summary>An element of S3's namespace; null children are left out.</summary>
    public static XElement Element(string name, params object?[] content) => new(Namespace + name, content);

    /// <summary>The element, or null when there is no value.</summary>
    public static XElement? Optional(string name, string? value) => value is null ? null : new XElement(Namespace + name, value);

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Parses a body, whatever its namespace. No DTD, no reference leads anywhere.</summary>
    public static XElement Parse(ReadOnlyMemory<byte> body, string rootName)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), settings);
            var root = XElement.Load(reader);
            return root.Name.LocalName == rootName ? root : throw S3Errors.MalformedXml();
        }
        catch (XmlException)
        {
            throw S3Errors.MalformedXml();
        }
    }

    public static IEnumerable<XElement> Children(this XElement element, string name) =>
        element.Elements().Where(child => child.Name.LocalName == name);

    /// <summary>The text of the only child of that name; null when there is none.</summary>
    public static string? Text(this XElement element, string name)
    {
        var found = element.Children(name).Take(2).ToList();
        return found.Count switch
        {
            0 => null,
            1 => found[0].Value,
            _ => throw S3Errors.MalformedXml(),
        };
    }
}

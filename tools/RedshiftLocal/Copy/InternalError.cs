using System.Globalization;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy;

/// <summary>Errors of Redshift's own kind, with the framed block that its clients know.</summary>
internal static class InternalError
{
    private const string Rule = "-----------------------------------------------";

    public static ServerException Of(string message, string context, long queryId, int processId, Exception? inner)
    {
        var detail = string.Create(
            CultureInfo.InvariantCulture,
            $"""

              {Rule}
              error:  {message}
              code:      8001
              context:   {context}
              query:     {queryId}
              location:  s3_utility.cpp:302
              process:   padbmaster [pid={processId}]
              {Rule}
            """);
        return new ServerException(new ServerError("XX000", message) { Detail = detail }, inner);
    }
}

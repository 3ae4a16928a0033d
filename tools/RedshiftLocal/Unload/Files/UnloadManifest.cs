using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RedshiftLocal.Unload.Files;

/// <summary>The manifest: every file that was written; with VERBOSE its size and rows, the columns and the totals.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD_command_examples.html, MANIFEST VERBOSE</remarks>
internal static class UnloadManifest
{
    public static byte[] Write(IReadOnlyList<UnloadedFile> files, ImmutableArray<UnloadColumn> columns, bool verbose)
    {
        var text = new StringBuilder("{\n  \"entries\": [");
        for (var i = 0; i < files.Count; i++)
        {
            text.Append(i == 0 ? "\n" : ",\n").Append("    {\"url\":").Append(Quote(files[i].Place.ToString()));
            if (verbose)
            {
                text.Append(CultureInfo.InvariantCulture, $", \"meta\": {{ \"content_length\": {files[i].Bytes}, \"record_count\": {files[i].Lines} }}");
            }

            text.Append('}');
        }

        text.Append("\n  ]");
        if (verbose)
        {
            AppendSchema(text, columns);
            text.Append(
                CultureInfo.InvariantCulture,
                $",\n  \"meta\": {{\n    \"content_length\": {files.Sum(file => file.Bytes)},\n    \"record_count\": {files.Sum(file => file.Lines)}\n  }}");
            text.Append(",\n  \"author\": {\n    \"name\": \"Amazon Redshift\",\n    \"version\": \"1.0.0\"\n  }");
        }

        return Encoding.UTF8.GetBytes(text.Append("\n}\n").ToString());
    }

    private static void AppendSchema(StringBuilder text, ImmutableArray<UnloadColumn> columns)
    {
        text.Append(",\n  \"schema\": {\n    \"elements\": [");
        for (var i = 0; i < columns.Length; i++)
        {
            var column = columns[i];
            text.Append(i == 0 ? "\n" : ",\n").Append("      {\"name\": ").Append(Quote(column.Name)).Append(", \"type\": { \"base\": ").Append(Quote(column.Type));
            AppendNumber(text, "max_length", column.Length);
            AppendNumber(text, "precision", column.Precision);
            AppendNumber(text, "scale", column.Scale);
            text.Append(" }}");
        }

        text.Append("\n    ]\n  }");
    }

    private static void AppendNumber(StringBuilder text, string name, int? value)
    {
        if (value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $", \"{name}\": {value}");
        }
    }

    private static string Quote(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}

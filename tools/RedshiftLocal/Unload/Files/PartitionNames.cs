using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace RedshiftLocal.Unload.Files;

/// <summary>Folders of partitions as Hive names them: column=value/…</summary>
internal static class PartitionNames
{
    private const string NullValue = "__HIVE_DEFAULT_PARTITION__";

    public static string Folder(UnloadRow row, ImmutableArray<UnloadColumn> columns, ImmutableArray<int> partitions)
    {
        var folder = new StringBuilder();
        foreach (var index in partitions)
        {
            folder.Append(columns[index].Name).Append('=');
            if (row.IsNull(index))
            {
                folder.Append(NullValue);
            }
            else
            {
                AppendEscaped(folder, Encoding.UTF8.GetString(row.Value(index)).TrimEnd(' '));
            }

            folder.Append('/');
        }

        return folder.ToString();
    }

    /// <summary>Characters that mean something in paths are %XX, as in Hive.</summary>
    private static void AppendEscaped(StringBuilder folder, string value)
    {
        foreach (var letter in value)
        {
            if (letter < ' ' || "\"#%'*/:=?\\{}[]^\u007f".Contains(letter, StringComparison.Ordinal))
            {
                folder.Append('%').Append(((int)letter).ToString("X2", CultureInfo.InvariantCulture));
            }
            else
            {
                folder.Append(letter);
            }
        }
    }
}

using System.Text;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Runs;

/// <summary>Names and creates reject files: <c>&lt;root&gt;/&lt;database&gt;/&lt;schema&gt;.&lt;table&gt;.*</c>. Files of earlier runs are renamed aside once.</summary>
public sealed class RejectDirectory(string root)
{
    private readonly HashSet<string> _ofThisRun = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>The path of a table's reject files without their extension.</summary>
    public string PathFor(string database, QualifiedName table) =>
        Path.Combine(root, EscapeName(database), EscapeName(table.Schema ?? "") + "." + EscapeName(table.Name));

    /// <summary>Opens a reject file for appending, mode 0600.</summary>
    /// <exception cref="LoadStoppedException">It cannot be created.</exception>
    public FileStream Open(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(path) ?? root;
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            lock (_gate)
            {
                if (_ofThisRun.Add(path) && File.Exists(path))
                {
                    File.Move(path, FreeBackupName(path));
                }
            }

            var options = new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                BufferSize = 64 << 10,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, e);
        }
    }

    /// <summary>The failure of a reject file: without it rejects would be lost, so the load stops.</summary>
    public static LoadStoppedException CannotWrite(string path, Exception inner) =>
        new($"Cannot write the reject file {path}: {inner.Message}", "free space there, or name another folder with --root-dir", inner);

    // A table may be called "a/b" or "..": whatever is not plain is written as %XX of its UTF-8 bytes.
    private static string EscapeName(string name)
    {
        var result = new StringBuilder(name.Length);
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'-' or (byte)'$' or (byte)' ' || b >= 0x80)
            {
                result.Append((char)b);
            }
            else
            {
                result.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        // The bytes above 0x7f were kept as they are: read the whole back as UTF-8.
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(result.ToString()));
    }

    private static string FreeBackupName(string path)
    {
        var name = path + ".bak";
        for (var i = 2; File.Exists(name); i++)
        {
            name = $"{path}.bak{i}";
        }

        return name;
    }
}

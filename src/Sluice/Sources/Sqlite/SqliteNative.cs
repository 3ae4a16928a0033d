// hot path
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sluice.Sources.Sqlite;

/// <summary>
/// The calls of each row and field, on the bare pointer of a statement that its owner keeps alive. The bindings' own calls count
/// references of the statement at each value: with ten of them a row that was more than all the rest of reading. See https://sqlite.org/c3ref/column_blob.html
/// </summary>
internal static class SqliteNative
{
    private const string Library = "e_sqlite3";

    [DllImport(Library, EntryPoint = "sqlite3_step")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int Step(nint statement);

    /// <summary>A value of the row at hand, valid until the next step. Looking it up once costs less than asking the statement for its type, its length and its bytes.</summary>
    [DllImport(Library, EntryPoint = "sqlite3_column_value")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [SuppressGCTransition]
    public static extern nint Value(nint statement, int column);

    // Those that only look into a value that is there already do not wait and do not call back.
    [DllImport(Library, EntryPoint = "sqlite3_value_type")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [SuppressGCTransition]
    public static extern int Type(nint value);

    [DllImport(Library, EntryPoint = "sqlite3_value_int64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [SuppressGCTransition]
    public static extern long Integer(nint value);

    [DllImport(Library, EntryPoint = "sqlite3_value_double")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [SuppressGCTransition]
    public static extern double Double(nint value);

    /// <summary>The bytes of a text or blob, valid until the next step. What is UTF-16 in the file becomes UTF-8.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isUtf8">The file's texts are UTF-8: there is nothing to convert.</param>
    public static ReadOnlySpan<byte> Bytes(nint value, bool isUtf8)
    {
        // Asking for the length first turns a text into UTF-8; asking for a blob then leaves it as it is, zero bytes too.
        var length = isUtf8 ? LengthAtOnce(value) : Length(value);
        var start = isUtf8 ? BlobAtOnce(value) : Blob(value);
        return start == 0 ? [] : MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), start), length);
    }

    [DllImport(Library, EntryPoint = "sqlite3_value_bytes")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [SuppressGCTransition]
    private static extern int LengthAtOnce(nint value);

    [DllImport(Library, EntryPoint = "sqlite3_value_blob")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [SuppressGCTransition]
    private static extern nint BlobAtOnce(nint value);

    [DllImport(Library, EntryPoint = "sqlite3_value_bytes")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int Length(nint value);

    [DllImport(Library, EntryPoint = "sqlite3_value_blob")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern nint Blob(nint value);
}

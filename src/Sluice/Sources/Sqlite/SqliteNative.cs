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

    // Those that only look into a value that is there already do not wait and do not call back.
    [DllImport(Library, EntryPoint = "sqlite3_column_type")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [SuppressGCTransition]
    public static extern int ColumnType(nint statement, int column);

    [DllImport(Library, EntryPoint = "sqlite3_column_int64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [SuppressGCTransition]
    public static extern long ColumnInteger(nint statement, int column);

    [DllImport(Library, EntryPoint = "sqlite3_column_double")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [SuppressGCTransition]
    public static extern double ColumnDouble(nint statement, int column);

    /// <summary>The bytes of a text or blob, valid until the next step. What is UTF-16 in the file becomes UTF-8.</summary>
    public static ReadOnlySpan<byte> ColumnBytes(nint statement, int column)
    {
        // Asking for the length first turns a text into UTF-8; asking for a blob then leaves it as it is, zero bytes too.
        var length = ColumnLength(statement, column);
        var start = ColumnBlob(statement, column);
        return start == 0 ? [] : MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), start), length);
    }

    [DllImport(Library, EntryPoint = "sqlite3_column_bytes")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int ColumnLength(nint statement, int column);

    [DllImport(Library, EntryPoint = "sqlite3_column_blob")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern nint ColumnBlob(nint statement, int column);
}

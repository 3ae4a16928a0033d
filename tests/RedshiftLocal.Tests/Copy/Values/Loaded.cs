using System.Buffers.Binary;
using System.Text;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Records;
using RedshiftLocal.Copy.Values;

namespace RedshiftLocal.Tests.Copy.Values;

/// <summary>What one field becomes in a column.</summary>
internal static class Loaded
{
    public static TargetColumn Column(string type, int length = 0, int precision = 0, int scale = 0) =>
        new("c", type) { Length = length, Precision = precision, Scale = scale };

    /// <summary>The value's bytes; null is NULL. Fails when the field is refused.</summary>
    public static byte[]? Bytes(TargetColumn column, ReadOnlySpan<byte> field, ValueOptions? options = null)
    {
        var (value, problem) = Load(column, field, options);
        Assert.Null(problem);
        return value;
    }

    public static byte[]? Bytes(TargetColumn column, string field, ValueOptions? options = null) => Bytes(column, Encoding.UTF8.GetBytes(field), options);

    /// <summary>The code of the refusal, 0 for none.</summary>
    public static int Code(TargetColumn column, ReadOnlySpan<byte> field, ValueOptions? options = null) => Load(column, field, options).Problem?.Code ?? 0;

    public static int Code(TargetColumn column, string field, ValueOptions? options = null) => Code(column, Encoding.UTF8.GetBytes(field), options);

    public static LoadProblem? Problem(TargetColumn column, ReadOnlySpan<byte> field, ValueOptions? options = null) => Load(column, field, options).Problem;

    private static (byte[]? Value, LoadProblem? Problem) Load(TargetColumn column, ReadOnlySpan<byte> field, ValueOptions? options)
    {
        using var rows = new RowBuffer(64);
        rows.BeginRow(1);
        var problem = LoaderFactory.Create(column, options ?? new ValueOptions()).Append(field, rows);
        if (problem is not null)
        {
            return (null, problem);
        }

        var written = rows.Written.Span[2..];
        var length = BinaryPrimitives.ReadInt32BigEndian(written);
        if (length < 0)
        {
            return (null, null);
        }

        Assert.Equal(length + 4, written.Length);
        return (written[4..].ToArray(), null);
    }
}

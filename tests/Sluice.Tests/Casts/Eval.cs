using System.Buffers;
using System.Text;
using Sluice.Casts;
using Sluice.Diagnostics;

namespace Sluice.Tests.Casts;

/// <summary>Runs transforms and expressions on texts; a null is NULL, <see cref="Error"/> stands for a refused value.</summary>
internal static class Eval
{
    public const string Error = "(refused)";

    public static string? Transform(string name, string input, TransformInput kind = TransformInput.Text) =>
        Transform(name, Encoding.UTF8.GetBytes(input), kind);

    public static string? Transform(string name, byte[] input, TransformInput kind)
    {
        Assert.True(TransformCatalog.TryGet(name, kind, out var transform));
        try
        {
            return Apply(transform, input);
        }
        catch (TransformException)
        {
            return Error;
        }
    }

    public static string? Apply(Transform transform, ReadOnlySpan<byte> input)
    {
        var scratch = new ArrayBufferWriter<byte>();
        return transform(input, scratch) switch
        {
            FieldResult.Null => null,
            FieldResult.Unchanged => Encoding.UTF8.GetString(input),
            _ => Encoding.UTF8.GetString(scratch.WrittenSpan),
        };
    }

    public static RowExpression Compile(string expression, params string[] fields) =>
        ExpressionCompiler.Compile(SmallReader.Read(expression), fields, new SourceText("test.load", expression));

    /// <summary>The fields are a, b, c, … in this order.</summary>
    public static string? Expression(string expression, params string?[] values)
    {
        try
        {
            return Run(expression, values);
        }
        catch (TransformException)
        {
            return Error;
        }
    }

    public static string? Run(string expression, params string?[] values)
    {
        var names = Enumerable.Range(0, values.Length).Select(i => ((char)('a' + i)).ToString()).ToArray();
        return Run(Compile(expression, names), values);
    }

    public static string? Run(RowExpression compiled, params string?[] values)
    {
        var scratch = new ArrayBufferWriter<byte>();
        return compiled(new TextRow(values), scratch) == FieldResult.Null ? null : Encoding.UTF8.GetString(scratch.WrittenSpan);
    }

    public static CommandException Refused(string expression, params string[] fields) =>
        Assert.Throws<CommandException>(() => Compile(expression, fields));
}

/// <summary>A row made of texts.</summary>
internal sealed class TextRow(params string?[] values) : IRowFields
{
    private readonly byte[]?[] _values = [.. values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value))];

    public bool IsNull(int field) => _values[field] is null;

    public ReadOnlySpan<byte> Text(int field) => _values[field];
}

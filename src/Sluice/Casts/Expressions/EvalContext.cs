using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sluice.Casts.Expressions;

/// <summary>What one evaluation needs: the row, and bounds that keep a load file from running or growing for ever.</summary>
internal sealed class EvalContext
{
    public const int MaxSteps = 5_000_000;
    public const int MaxCharacters = 64 * 1024 * 1024;
    public const int MaxPadding = 1_000_000;
    public const long MaxBits = 1_000_000;

    // Of all texts made for one row, numbers counted by what they take.
    private const long MaxCharactersInAll = 4L * MaxCharacters;

    private int _steps;
    private long _characters;

    public IRowFields Row { get; set; } = NoFields.Instance;

    public ArrayBufferWriter<byte> Scratch { get; } = new();

    public void Reset(IRowFields row)
    {
        Row = row;
        _steps = 0;
        _characters = 0;
    }

    /// <summary>Counts work: calls, list cells.</summary>
    public void Charge(int steps = 1)
    {
        _steps += Math.Min(steps, MaxSteps);
        if (_steps > MaxSteps)
        {
            throw new TransformException($"The expression takes more than {MaxSteps:N0} steps for this row");
        }
    }

    /// <summary>Counts the memory that a value takes.</summary>
    public object? Count(object? value)
    {
        _characters += value switch
        {
            string text => text.Length,
            BigInteger number => number.GetBitLength() / 16,
            Ratio ratio => (ratio.Numerator.GetBitLength() + ratio.Denominator.GetBitLength()) / 16,
            _ => 0,
        };
        return _characters <= MaxCharactersInAll
            ? value
            : throw new TransformException($"The expression makes texts and numbers of more than {MaxCharactersInAll:N0} characters for this row");
    }

    public static void CheckStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TransformException("The expression calls itself too often, or its lists are nested too deep");
        }
    }

    public static void CheckLength(long characters)
    {
        if (characters > MaxCharacters)
        {
            throw new TransformException($"The expression makes a text of more than {MaxCharacters:N0} characters");
        }
    }

    public static BigInteger CheckSize(BigInteger value) =>
        value.GetBitLength() <= MaxBits
            ? value
            : throw new TransformException($"The expression makes a number of more than {MaxBits:N0} bits");

    /// <summary>The text of a field, or null for NULL.</summary>
    public string? Field(int index) => Row.IsNull(index) ? null : Encoding.UTF8.GetString(Row.Text(index));

    public object? Transform(Transform transform, string text)
    {
        Scratch.ResetWrittenCount();
        var utf8 = Encoding.UTF8.GetBytes(text);
        return transform(utf8, Scratch) switch
        {
            FieldResult.Null => null,
            FieldResult.Unchanged => text,
            _ => Encoding.UTF8.GetString(Scratch.WrittenSpan),
        };
    }

    private sealed class NoFields : IRowFields
    {
        public static readonly NoFields Instance = new();

        public bool IsNull(int field) => true;

        public ReadOnlySpan<byte> Text(int field) => default;
    }
}

/// <summary>The local variables in sight: one cell for each, the innermost first.</summary>
internal sealed class Frame(EvalContext context, Frame? outer, object? value)
{
    public EvalContext Context { get; } = context;

    public Frame? Outer { get; } = outer;

    public object? Value { get; } = value;
}

/// <summary>A compiled part of an expression.</summary>
internal delegate object? Thunk(Frame frame);

using System.Collections.Immutable;
using System.Text;
using Sluice.Casts;
using Sluice.Commands;

namespace Sluice.Sources;

/// <summary>What happens to a field before its column sees it: null-if, then trim, then date format.</summary>
internal sealed class FieldRule(ImmutableArray<NullIf> nullIf, FieldTrim trim, Transform? dateFormat)
{
    private readonly byte[][] _nullTexts = [.. nullIf.Where(n => n.Text is not null).Select(n => Encoding.UTF8.GetBytes(n.Text ?? ""))];
    private readonly bool _nullIfBlanks = nullIf.Any(n => n.Text is null);

    public Transform? DateFormat { get; } = dateFormat;

    /// <summary>Null when there is nothing to do.</summary>
    public static FieldRule? Create(ImmutableArray<NullIf> nullIf, FieldTrim trim, Transform? dateFormat) =>
        nullIf.IsEmpty && trim == FieldTrim.None && dateFormat is null ? null : new FieldRule(nullIf, trim, dateFormat);

    public bool IsNull(ReadOnlySpan<byte> value)
    {
        if (_nullIfBlanks && value.IndexOfAnyExcept((byte)' ') < 0)
        {
            return true;
        }

        foreach (var text in _nullTexts)
        {
            if (value.SequenceEqual(text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Index and length of what is left after trimming.</summary>
    public (int Start, int Length) Trim(ReadOnlySpan<byte> value)
    {
        var start = 0;
        var end = value.Length;
        while (trim is FieldTrim.Left or FieldTrim.Both && start < end && value[start] == ' ')
        {
            start++;
        }

        while (trim is FieldTrim.Right or FieldTrim.Both && start < end && value[end - 1] == ' ')
        {
            end--;
        }

        return (start, end - start);
    }
}

using System.Globalization;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>What numbers of all types are told by.</summary>
internal static class Digits
{
    public static LoadProblem Invalid(ReadOnlySpan<byte> field, int position, string type)
    {
        var shown = position < field.Length && field[position] is > 0x1F and < 0x7F ? ((char)field[position]).ToString() : ".";
        return new LoadProblem(
            1207, string.Create(CultureInfo.InvariantCulture, $"Invalid digit, Value '{shown}', Pos {position}, Type: {type}"), position);
    }
}

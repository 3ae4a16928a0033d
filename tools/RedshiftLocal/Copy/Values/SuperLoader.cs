using System.Text.Json;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>SUPER: one JSON value, kept as written.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/limitations-super.html</remarks>
internal sealed class SuperLoader(TargetColumn column) : ColumnLoader(column)
{
    public const int LongestValue = 16 << 20;
    public const int LongestString = 65_535;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 1000, CommentHandling = JsonCommentHandling.Disallow };

    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        if (Utf8Check.Find(field) is { } bad)
        {
            return bad;
        }

        if (field.Length > LongestValue)
        {
            return new LoadProblem(1224, "SUPER value exceeds 16777216 bytes");
        }

        if (Check(field) is { } problem)
        {
            return problem;
        }

        row.Bytes(field);
        return null;
    }

    private static LoadProblem? Check(ReadOnlySpan<byte> field)
    {
        try
        {
            var reader = new Utf8JsonReader(field, Strict);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                    && reader.ValueSpan.Length > LongestString && UnescapedLength(ref reader) > LongestString)
                {
                    return new LoadProblem(1224, "String within SUPER exceeds 65535 bytes", (int)reader.TokenStartIndex);
                }
            }

            return null;
        }
        catch (JsonException exception)
        {
            return new LoadProblem(1224, "Invalid JSON for SUPER", (int)(exception.BytePositionInLine ?? 0));
        }
        catch (InvalidOperationException)
        {
            return new LoadProblem(1224, "Invalid JSON for SUPER: half a surrogate pair");
        }
    }

    private static int UnescapedLength(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.Length;
        }

        var target = new byte[reader.ValueSpan.Length];
        return reader.CopyString(target);
    }
}

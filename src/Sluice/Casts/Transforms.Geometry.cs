// hot path
using System.Buffers;

namespace Sluice.Casts;

internal static partial class Transforms
{
    public static FieldResult ConvertMysqlPoint(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (Utf8Text.CountCharacters(utf8) < 5)
        {
            throw Bad("convert-mysql-point", utf8, "a point such as POINT(48.5 7.6)");
        }

        AddWithComma(scratch, utf8[Utf8Text.ByteOffset(utf8, 5)..]);
        return FieldResult.Replaced;
    }

    public static FieldResult ConvertMysqlLinestring(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (Utf8Text.CountCharacters(utf8) < 12)
        {
            throw Bad("convert-mysql-linestring", utf8, "a line such as LINESTRING(1 2,3 4)");
        }

        var points = utf8[Utf8Text.ByteOffset(utf8, 11)..];
        points = points[..Utf8Text.ByteOffset(points, Utf8Text.CountCharacters(points) - 1)];
        Add(scratch, (byte)'[');
        AddPoints(scratch, points);
        Add(scratch, (byte)']');
        return FieldResult.Replaced;
    }

    /// <summary>One ring: PostgreSQL's polygons have no holes.</summary>
    public static FieldResult ConvertMysqlPolygon(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        var opening = "POLYGON(("u8;
        if (!utf8.StartsWith(opening) || !utf8.EndsWith("))"u8))
        {
            throw Bad("convert-mysql-polygon", utf8, "a polygon such as POLYGON((0 0,0 1,1 1,0 0))");
        }

        var ring = utf8[opening.Length..^2];
        if (ring.IndexOfAny((byte)'(', (byte)')') >= 0)
        {
            throw Bad("convert-mysql-polygon", utf8, "a polygon without holes, as PostgreSQL's have none");
        }

        Add(scratch, (byte)'(');
        AddPoints(scratch, ring);
        Add(scratch, (byte)')');
        return FieldResult.Replaced;
    }

    private static void AddPoints(ArrayBufferWriter<byte> scratch, ReadOnlySpan<byte> points)
    {
        while (true)
        {
            var comma = points.IndexOf((byte)',');
            Add(scratch, (byte)'(');
            AddWithComma(scratch, (comma < 0 ? points : points[..comma]).Trim((byte)' '));
            Add(scratch, (byte)')');
            if (comma < 0)
            {
                break;
            }

            Add(scratch, (byte)',');
            points = points[(comma + 1)..];
        }
    }

    private static void AddWithComma(ArrayBufferWriter<byte> scratch, ReadOnlySpan<byte> point)
    {
        var blank = point.IndexOf((byte)' ');
        if (blank < 0)
        {
            scratch.Write(point);
            return;
        }

        scratch.Write(point[..blank]);
        Add(scratch, (byte)',');
        scratch.Write(point[(blank + 1)..]);
    }
}

// hot path
using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Sluice.Casts;

internal static partial class Transforms
{
    private static readonly SearchValues<byte> ArraySigns = SearchValues.Create("{}\"\\ \t\n\r\v\f"u8);

    public static FieldResult EmptyStringToNull(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch) =>
        utf8.IsEmpty ? FieldResult.Null : FieldResult.Unchanged;

    /// <summary>Spaces only: a tab at the end is data.</summary>
    public static FieldResult RightTrim(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch) =>
        utf8.EndsWith(" "u8) ? Give(scratch, utf8.TrimEnd((byte)' ')) : FieldResult.Unchanged;

    public static FieldResult RemoveNullCharacters(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (!utf8.Contains((byte)0))
        {
            return FieldResult.Unchanged;
        }

        for (var end = utf8.IndexOf((byte)0); end >= 0; end = utf8.IndexOf((byte)0))
        {
            scratch.Write(utf8[..end]);
            utf8 = utf8[(end + 1)..];
        }

        return Give(scratch, utf8);
    }

    /// <summary>Members that an array would read otherwise are put in quotes.</summary>
    public static FieldResult SetToEnumArray(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        Add(scratch, (byte)'{');
        while (!utf8.IsEmpty)
        {
            var comma = utf8.IndexOf((byte)',');
            AddMember(scratch, comma < 0 ? utf8 : utf8[..comma]);
            if (comma < 0)
            {
                break;
            }

            Add(scratch, (byte)',');
            utf8 = utf8[(comma + 1)..];
        }

        Add(scratch, (byte)'}');
        return FieldResult.Replaced;
    }

    /// <summary>Each decoded byte becomes the Latin-1 character of that number.</summary>
    public static FieldResult Base64Decode(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        var size = Base64.GetMaxDecodedFromUtf8Length(utf8.Length);
        // Bytes above 0x7F take two in UTF-8, so the decoded bytes start in the second half of the room.
        var room = scratch.GetSpan(2 * size + 1);
        var decoded = room.Slice(size, size);
        if (Base64.DecodeFromUtf8(utf8, decoded, out _, out var count) != OperationStatus.Done)
        {
            throw Bad("base64-decode", utf8, "base64 text");
        }

        var written = 0;
        for (var i = 0; i < count; i++)
        {
            var value = decoded[i];
            if (value < 0x80)
            {
                room[written++] = value;
            }
            else
            {
                room[written++] = (byte)(0xC0 | (value >> 6));
                room[written++] = (byte)(0x80 | (value & 0x3F));
            }
        }

        scratch.Advance(written);
        return FieldResult.Replaced;
    }

    private static void AddMember(ArrayBufferWriter<byte> scratch, ReadOnlySpan<byte> member)
    {
        if (!member.IsEmpty && !member.ContainsAny(ArraySigns) && !Ascii.EqualsIgnoreCase(member, "null"u8))
        {
            scratch.Write(member);
            return;
        }

        Add(scratch, (byte)'"');
        foreach (var value in member)
        {
            if (value is (byte)'"' or (byte)'\\')
            {
                Add(scratch, (byte)'\\');
            }

            Add(scratch, value);
        }

        Add(scratch, (byte)'"');
    }
}

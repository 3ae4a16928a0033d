using System.Text;

namespace Sluice.Benchmarks.Data;

/// <summary>Text that looks like text: words of many lengths, some not ASCII.</summary>
public static class Words
{
    private static readonly byte[][] List = [.. (
        "a of the and sluice gate canal water level upstream downstream lock keeper barge freight order invoice customer delivery late "
        + "received signed returned damaged partial complete warehouse north south harbour quay crane Łódź Köln São Paulo Zürich Besançon "
        + "naïve façade Ærø Пермь 東京 大阪 smörgåsbord señor crème brûlée").Split(' ').Select(Encoding.UTF8.GetBytes)];

    /// <summary>Fills with words up to about <paramref name="bytes"/>, never past the target; returns the bytes written.</summary>
    public static int Fill(SeededRandom random, Span<byte> target, int bytes)
    {
        var used = 0;
        while (used < bytes)
        {
            var word = List[random.Below(List.Length)];
            if (used + word.Length + 1 > target.Length)
            {
                break;
            }

            if (used > 0)
            {
                target[used++] = (byte)' ';
            }

            word.CopyTo(target[used..]);
            used += word.Length;
        }

        return used;
    }

    /// <summary>As <see cref="Fill"/>, and now and then with a quote, a delimiter, a line break, a backslash or a tab in it.</summary>
    public static int FillUntidy(SeededRandom random, Span<byte> target, int bytes)
    {
        var used = Fill(random, target, bytes);
        if (used > 2 && random.OneIn(5))
        {
            target[1 + random.Below(used - 2)] = ",\"\n\\\t,"u8[random.Below(6)];
            Mend(target[..used]);
        }

        return used;
    }

    // The odd sign may have hit the middle of a character: what is left of it becomes hyphens.
    private static void Mend(Span<byte> text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (Rune.DecodeFromUtf8(text[at..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                text[at] = (byte)'-';
                length = 1;
            }

            at += length;
        }
    }
}

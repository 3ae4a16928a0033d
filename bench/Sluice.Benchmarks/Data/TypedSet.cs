using System.Globalization;

namespace Sluice.Benchmarks.Data;

/// <summary>What one row in 1,000 of a typed set has.</summary>
public enum Oddity
{
    None,

    /// <summary>A number that is none: the server refuses its type.</summary>
    BadValue,

    /// <summary>A value that a CHECK constraint refuses.</summary>
    FailedCheck,

    /// <summary>Spellings that the server takes and that are not the usual ones.</summary>
    OddButValid,
}

/// <summary>Nine typed columns, about 158 bytes a row.</summary>
public sealed class TypedSet(Oddity oddity) : DataSet
{
    private static readonly DateTime FirstDay = new(1990, 1, 1);

    public override string Name => oddity switch
    {
        Oddity.BadValue => "typed-bad",
        Oddity.FailedCheck => "typed-check",
        Oddity.OddButValid => "typed-odd",
        _ => "typed",
    };

    public override string Description => "bigint, int, numeric, date, timestamptz with offset, double, text, uuid, boolean" + oddity switch
    {
        Oddity.BadValue => "; one row in 1,000 has a number that is none",
        Oddity.FailedCheck => "; one row in 1,000 fails a CHECK constraint",
        Oddity.OddButValid => "; one row in 1,000 has odd but valid spellings",
        _ => "",
    };

    public override string Columns =>
        $"id bigint, quantity int{(oddity == Oddity.FailedCheck ? " check (quantity >= 0)" : "")}, amount numeric(14,2), "
        + "day date, at timestamptz, ratio double precision, label text, key uuid, flag boolean";

    public override bool HasBadRows => oddity is Oddity.BadValue or Oddity.FailedCheck;

    public override string? Clean => oddity == Oddity.None ? null : "typed";

    protected override void WriteRow(CsvOutput output, SeededRandom random, long row, bool isSpecial)
    {
        var special = isSpecial ? oddity : Oddity.None;
        output.Value(4_000_000_000_000_000_000L + (long)(random.Next() >> 3));
        var quantity = random.Below(2_000_000_000);
        switch (special)
        {
            case Oddity.BadValue: output.Text("many"); break;
            case Oddity.FailedCheck: output.Value(-1 - quantity); break;
            case Oddity.OddButValid: output.Text(string.Create(CultureInfo.InvariantCulture, $" +{quantity} ")); break;
            default: output.Value(quantity); break;
        }

        output.Value((decimal)(long)(random.Next() >> 24) / 100m, "0.00");
        var day = FirstDay.AddDays(random.Below(18_000));
        output.Value(day, special == Oddity.OddButValid ? "yyyyMMdd" : "yyyy-MM-dd");
        output.Value(new DateTimeOffset(day.AddTicks((long)(random.Next() % TimeSpan.TicksPerDay) / 10 * 10), TimeSpan.FromHours(random.Below(24) - 11)), "yyyy-MM-dd HH:mm:ss.ffffffzz");
        output.Value((random.Next() >> 11) * (1.0 / (1UL << 53)) * Math.Pow(10, random.Below(12) - 4));
        WriteLabel(output, random, row);
        output.Value(new Guid((int)random.Next(), (short)random.Next(), (short)random.Next(), BitConverter.GetBytes(random.Next())));
        var flag = random.OneIn(2);
        output.Text(special == Oddity.OddButValid ? (flag ? "yes" : "no") : flag ? "t" : "f");
        output.EndRow();
    }

    private static void WriteLabel(CsvOutput output, SeededRandom random, long row)
    {
        if (row % 10 == 3)
        {
            output.Null();
            return;
        }

        Span<byte> text = stackalloc byte[64];
        output.Text(text[..Words.Fill(random, text, random.Below(12) + 6)]);
    }
}

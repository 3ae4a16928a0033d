namespace Sluice.Benchmarks.Data;

/// <summary>Numbers, dates and text; about half its bytes are text, with nulls, quotes, delimiters, line breaks and non-ASCII.</summary>
public sealed class MixedSet : DataSet
{
    private static readonly string[] States = ["new", "paid", "sent", "returned", "lost"];
    private static readonly DateTime First = new(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public override string Name => "mixed";

    public override string Description => "bigint, int, numeric, timestamptz, date, three short and one longer text column; nulls, quotes, line breaks, non-ASCII";

    public override string Columns =>
        "id bigint, customer int, amount numeric(10,2), created_at timestamptz, due date, state text, city text, name text, comment text";

    protected override void WriteRow(CsvOutput output, SeededRandom random, long row, bool isSpecial)
    {
        Span<byte> text = stackalloc byte[128];
        output.Value(row + 1);
        output.Value(random.Below(5_000_000));
        output.Value(random.Below(10_000_000) / 100m, "0.00");
        var created = First.AddSeconds(random.Below(300_000_000));
        output.Value(new DateTimeOffset(created), "yyyy-MM-dd HH:mm:sszz");
        if (random.OneIn(6))
        {
            output.Null();
        }
        else
        {
            output.Value(created.AddDays(random.Below(60)), "yyyy-MM-dd");
        }

        output.Text(States[random.Below(States.Length)]);
        output.Text(text[..Words.Fill(random, text, 6)]);
        output.Text(text[..Words.FillUntidy(random, text, 10)]);
        switch (random.Below(8))
        {
            case 0: output.Null(); break;
            case 1: output.Text(""u8); break;
            default: output.Text(text[..Words.FillUntidy(random, text, 10 + random.Below(50))]); break;
        }

        output.EndRow();
    }
}

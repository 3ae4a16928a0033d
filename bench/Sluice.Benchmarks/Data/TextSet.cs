namespace Sluice.Benchmarks.Data;

/// <summary>Text only: nothing the binary format could make cheaper.</summary>
public sealed class TextSet : DataSet
{
    public override string Name => "text";

    public override string Description => "four text columns of 10 to 200 bytes; nulls, quotes, delimiters, line breaks, non-ASCII";

    public override string Columns => "title text, author varchar(200), body text, remark text";

    protected override void WriteRow(CsvOutput output, SeededRandom random, long row, bool isSpecial)
    {
        Span<byte> text = stackalloc byte[256];
        output.Text(text[..Words.Fill(random, text, 20 + random.Below(20))]);
        output.Text(text[..Words.Fill(random, text, 10)]);
        output.Text(text[..Words.FillUntidy(random, text, 60 + random.Below(140))]);
        if (random.OneIn(3))
        {
            output.Null();
        }
        else
        {
            output.Text(text[..Words.FillUntidy(random, text, 20)]);
        }

        output.EndRow();
    }
}

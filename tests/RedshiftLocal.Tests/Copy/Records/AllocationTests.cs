using System.Globalization;
using System.Text;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Records;
using RedshiftLocal.Copy.Values;

namespace RedshiftLocal.Tests.Copy.Records;

public sealed class AllocationTests
{
    [Fact]
    public void Good_records_cost_no_memory_each()
    {
        TargetColumn[] columns =
        [
            new("a", "bigint"), new("b", "numeric") { Precision = 30, Scale = 5 }, new("c", "double precision"), new("d", "boolean"),
            new("e", "character varying") { Length = 50 }, new("f", "date"), new("g", "timestamp"), new("h", "timestamptz"), new("i", "varbyte") { Length = 9 },
        ];
        var options = new ValueOptions { TimeFormat = "auto", DateFormat = "auto" };
        var loaders = columns.Select(column => LoaderFactory.Create(column, options)).ToArray();
        var text = string.Concat(Enumerable.Range(0, 2000).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{i},{i}.12345,{i}e2,t,\"té \"\"{i}\"\"\",2020-01-01,2020-01-01 01:02:03.5,2020-01-01T01:02:03Z,00ff\n")));
        using var reader = new RecordReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), new RecordFormat { Csv = true, Delimiter = (byte)',' }, 9, 1 << 20);
        using var rows = new RowBuffer(1 << 20);
        Assert.Equal(ReadState.NeedsData, reader.Next());
        var filled = reader.FillAsync(CancellationToken.None).AsTask();
        Assert.True(filled.IsCompletedSuccessfully);
        Load(reader, loaders, rows, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Load(reader, loaders, rows, 1500);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Load(RecordReader reader, ColumnLoader[] loaders, RowBuffer rows, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (reader.Next() != ReadState.Record)
            {
                throw new InvalidOperationException("The buffer holds fewer records");
            }

            rows.BeginRow(loaders.Length);
            for (var field = 0; field < loaders.Length; field++)
            {
                if (loaders[field].Append(reader.Field(field), rows) is { } problem)
                {
                    throw new InvalidOperationException(problem.Reason);
                }
            }
        }
    }
}

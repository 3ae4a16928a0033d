using System.Text;
using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using Sluice.Batches;

namespace Sluice.Benchmarks;

/// <summary>What encoding costs: one operation is 10,000 rows of nine typed columns, as the typed set of the end-to-end benchmark has them.</summary>
[MemoryDiagnoser]
public class EncoderBenchmarks : IRejectSink, IDisposable
{
    public const int Rows = 10_000;

    private static readonly BinaryType[] AllTypes =
    [
        BinaryType.Int8, BinaryType.Int4, BinaryType.Numeric, BinaryType.Date, BinaryType.TimestampTz, BinaryType.Float8, BinaryType.Text,
        BinaryType.Uuid, BinaryType.Boolean,
    ];

    private readonly Channel<RowBatch> _full = Channel.CreateUnbounded<RowBatch>();
    private byte[] _text = [];
    private (int Start, int Length)[] _fields = [];
    private BatchPool _pool = null!;
    private CopyRowWriter _writer = null!;
    private int[] _columns = [];

    /// <summary>The whole row, or one type nine times.</summary>
    [Params("Row", "Int8", "Int4", "Numeric", "Date", "TimestampTz", "Float8", "Text", "Uuid", "Boolean")]
    public string Column { get; set; } = "Row";

    [Params(false, true)]
    public bool TextOnly { get; set; }

    /// <summary>Source bytes of one operation, with a separator for each field.</summary>
    public long SourceBytes { get; private set; }

    [GlobalSetup]
    public void Setup()
    {
        var one = Array.FindIndex(AllTypes, t => t.ToString() == Column);
        _columns = [.. Enumerable.Range(0, AllTypes.Length).Select(i => one < 0 ? i : one)];
        _pool = new BatchPool(4, 4 << 20);
        _writer = CopyRowWriter.CreateAsync(
            new CopyRowWriterOptions
            {
                Columns = [.. _columns.Select(c => new ColumnEncoding("c", AllTypes[c]))],
                Pool = _pool,
                Full = _full.Writer,
                Rejects = this,
                Counted = (_, _, _) => { },
                BatchBytes = 4 << 20,
                BatchRows = 100_000,
                TextOnly = TextOnly,
            },
            CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Generate();
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Encode()
    {
        var text = _text.AsSpan();
        var field = 0;
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < AllTypes.Length; column++)
            {
                var (start, length) = _fields[field++];
                _writer.WriteText(text.Slice(start, length));
            }

            if (_writer.EndRow(new RowOrigin(0, row, row * 158L)))
            {
                _writer.FlushAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                while (_full.Reader.TryRead(out var batch))
                {
                    _pool.Return(batch);
                }
            }
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _writer.Dispose();
        _pool.Dispose();
        GC.SuppressFinalize(this);
    }

    public void RejectRecord(Rejection rejection, ReadOnlySpan<byte> source) => throw new InvalidOperationException(rejection.Message);

    public void RejectRow(Rejection rejection, ReadOnlySpan<byte> copyText) => throw new InvalidOperationException(rejection.Message);

    private void Generate()
    {
        var random = new Random(42);
        var text = new StringBuilder();
        var fields = new List<(int, int)>();
        for (var row = 0; row < Rows; row++)
        {
            var day = new DateTime(1990, 1, 1).AddSeconds(random.Next(1_200_000_000)).AddMicroseconds(random.Next(1_000_000));
            string[] values =
            [
                $"{1_000_000_000 + random.NextInt64(9_000_000_000)}",
                $"{random.Next()}",
                $"{random.Next(1_000_000)}.{random.Next(100):00}",
                $"{day:yyyy-MM-dd}",
                $"{day:yyyy-MM-dd HH:mm:ss.ffffff}+02",
                random.NextDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
                $"customer {random.Next(1_000_000)} of many",
                Guid.NewGuid().ToString(),
                random.Next(2) == 0 ? "t" : "f",
            ];
            foreach (var column in _columns)
            {
                fields.Add((text.Length, values[column].Length));
                text.Append(values[column]);
            }
        }

        _text = Encoding.UTF8.GetBytes(text.ToString());
        _fields = [.. fields];
        SourceBytes = _text.Length + fields.Count;
    }
}

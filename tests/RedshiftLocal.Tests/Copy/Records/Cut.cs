using System.Globalization;
using System.Text;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Records;
using RedshiftLocal.Copy.Values;

namespace RedshiftLocal.Tests.Copy.Records;

/// <summary>Texts cut into records and fields, given in small pieces.</summary>
internal static class Cut
{
    /// <summary>Fields between bars, records between semicolons; NULL for what stands for it, !code for problems.</summary>
    public static async Task<string> TextAsync(string text, RecordFormat format, int pieceBytes = 3)
    {
        using var source = new RecordReader(new PieceStream(Encoding.UTF8.GetBytes(text), pieceBytes), format, 10, 64);
        return await ReadAsync(source, "\\N"u8.ToArray(), source => source.FieldCount);
    }

    public static async Task<string> JsonAsync(byte[] text, JsonMappingKind kind, string[] columns, string[]? paths = null, int pieceBytes = 3)
    {
        var targets = columns.Select(name => new TargetColumn(name.Split(':')[0], name.Split(':').ElementAtOrDefault(1) ?? "character varying"));
        var fields = new JsonFields(kind, [.. targets], [.. (paths ?? []).Select(path => JsonPath.Parse(path)!)]);
        using var source = new JsonRecordReader(new PieceStream(text, pieceBytes), fields, 64);
        return await ReadAsync(source, [], source => source.FieldCount);
    }

    public static Task<string> JsonAsync(string text, params string[] columns) => JsonAsync(Encoding.UTF8.GetBytes(text), JsonMappingKind.Auto, columns);

    private static async Task<string> ReadAsync(RecordSource source, byte[] marker, Func<RecordSource, int> count)
    {
        var rows = new List<string>();
        while (true)
        {
            switch (source.Next())
            {
                case ReadState.End:
                    return string.Join(';', rows);
                case ReadState.NeedsData:
                    await source.FillAsync(CancellationToken.None);
                    continue;
            }

            rows.Add(source.Problem is { } problem
                ? "!" + problem.Code.ToString(CultureInfo.InvariantCulture)
                : string.Join('|', Enumerable.Range(0, Math.Min(10, count(source))).Select(i => source.IsNull(i, marker) ? "NULL" : Encoding.UTF8.GetString(source.Field(i)))));
        }
    }

    /// <summary>Gives no more than a few bytes a call.</summary>
    private sealed class PieceStream(byte[] bytes, int pieceBytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieceBytes)], cancellationToken);
    }
}

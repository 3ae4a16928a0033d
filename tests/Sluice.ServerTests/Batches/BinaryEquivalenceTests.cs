using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;
using Sluice.Batches;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Batches;

/// <summary>
/// The proof behind "binary when provable": whatever is called canonical is stored, or refused, by the server in both ways alike, and
/// the text made from the binary form is stored alike too.
/// </summary>
public sealed class BinaryEquivalenceTests(PostgresServer server)
{
    private const string Setup = """
        SET client_min_messages = error;
        CREATE TYPE pg_temp.size AS ENUM ('small', 'large', 'extra large', 'grün', E'tab\there', E'back\\slash');
        CREATE DOMAIN pg_temp.price AS numeric(6,2) CHECK (VALUE >= 0);
        CREATE DOMAIN pg_temp.code AS varchar(5) NOT NULL CHECK (VALUE <> 'abc');
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("boolean", BinaryType.Boolean, "bool")]
    [InlineData("smallint", BinaryType.Int2, "int")]
    [InlineData("integer", BinaryType.Int4, "int")]
    [InlineData("bigint", BinaryType.Int8, "int")]
    [InlineData("real", BinaryType.Float4, "float")]
    [InlineData("double precision", BinaryType.Float8, "float")]
    [InlineData("numeric", BinaryType.Numeric, "numeric")]
    [InlineData("numeric(10,2)", BinaryType.Numeric, "numeric")]
    [InlineData("numeric(4)", BinaryType.Numeric, "numeric below 1000")]
    [InlineData("numeric(38,18)", BinaryType.Numeric, "numeric")]
    [InlineData("numeric(1000,500)", BinaryType.Numeric, "numeric")]
    [InlineData("pg_temp.price", BinaryType.Numeric, "numeric below 1000")]
    [InlineData("text", BinaryType.Text, "text")]
    [InlineData("varchar", BinaryType.VarChar, "text")]
    [InlineData("varchar(5)", BinaryType.VarChar, "text")]
    [InlineData("pg_temp.code", BinaryType.VarChar, "text")]
    [InlineData("char", BinaryType.BpChar, "text")]
    [InlineData("char(5)", BinaryType.BpChar, "text")]
    [InlineData("bpchar", BinaryType.BpChar, "text")]
    [InlineData("bytea", BinaryType.Bytea, "bytea")]
    [InlineData("uuid", BinaryType.Uuid, "uuid")]
    [InlineData("json", BinaryType.Json, "json")]
    [InlineData("jsonb", BinaryType.Jsonb, "json")]
    [InlineData("pg_temp.size", BinaryType.Enum, "enum")]
    public Task Canonical_spellings_mean_the_same_in_both_encodings(string type, BinaryType binary, string family) =>
        CompareAsync(type, binary, family, "SELECT 1", null);

    [Theory]
    [InlineData("numeric(3,5)", "numeric below 0.01")]
    [InlineData("numeric(2,-3)", "numeric below 1000")]
    [InlineData("numeric(2,-1)", "numeric below 1000")]
    public async Task Numeric_scales_outside_the_precision_mean_the_same(string type, string family)
    {
        await using var connection = await CopyTrial.OpenAsync(server, Ct);
        Assert.SkipWhen(connection.PostgreSqlVersion.Major < 15, "scales outside 0 to precision need PostgreSQL 15");
        await CompareAsync(type, BinaryType.Numeric, family, "SELECT 1", null);
    }

    [Theory]
    [InlineData("date", BinaryType.Date, "date", "ISO, MDY")]
    [InlineData("date", BinaryType.Date, "date", "SQL, DMY")]
    [InlineData("date", BinaryType.Date, "date", "German, YMD")]
    [InlineData("time", BinaryType.Time, "time", "ISO, MDY")]
    [InlineData("time(0)", BinaryType.Time, "time", "ISO, MDY")]
    [InlineData("time(3)", BinaryType.Time, "time", "ISO, MDY")]
    [InlineData("timestamp", BinaryType.Timestamp, "timestamp", "ISO, MDY")]
    [InlineData("timestamp", BinaryType.Timestamp, "timestamptz", "ISO, MDY")]
    [InlineData("timestamp(0)", BinaryType.Timestamp, "timestamp", "SQL, DMY")]
    [InlineData("timestamp(3)", BinaryType.Timestamp, "timestamp", "Postgres, DMY")]
    [InlineData("timestamp(5)", BinaryType.Timestamp, "timestamp", "ISO, YMD")]
    public Task Dates_and_times_mean_the_same_under_every_date_style(string type, BinaryType binary, string family, string style) =>
        CompareAsync(type, binary, family, $"SET DateStyle = '{style}'; SET TimeZone = 'America/New_York'", null);

    [Theory]
    [InlineData("timestamptz", "Europe/Berlin", null)]
    [InlineData("timestamptz(0)", "America/St_Johns", null)]
    [InlineData("timestamptz", "UTC", 0)]
    [InlineData("timestamptz(2)", "UTC", 0)]
    [InlineData("timestamptz", "<+0530>-05:30", 330)]
    [InlineData("timestamptz(1)", "<-0330>+03:30", -210)]
    public Task Timestamps_with_time_zone_mean_the_same_in_every_session_zone(string type, string zone, int? offsetMinutes) =>
        CompareAsync(
            type, BinaryType.TimestampTz, "timestamptz", $"SET DateStyle = 'SQL, DMY'; SET TimeZone = '{zone}'",
            offsetMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);

    private async Task CompareAsync(string type, BinaryType binary, string family, string settings, TimeSpan? sessionOffset)
    {
        await using var connection = await CopyTrial.OpenAsync(server, Ct);
        await ExecuteAsync(connection, $"""
            {Setup}
            {settings};
            CREATE TEMP TABLE by_text (i int, v {type});
            CREATE TEMP TABLE by_binary (LIKE by_text);
            CREATE TEMP TABLE by_decoded (LIKE by_text);
            """);
        var modifier = (int)await ScalarAsync(connection, """
            SELECT CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END
            FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = 'by_text'::regclass AND a.attname = 'v'
            """);
        var column = new BinaryColumn(new ColumnEncoding("v", binary, modifier, sessionOffset));
        var spellings = new Spellings(seed: 20260101 + type.Length).Of(family, 3_000).ToList();
        var texts = new List<byte[]>();
        var binaries = new List<byte[]>();
        var decodeds = new List<byte[]>();
        var canonical = new List<string>();
        foreach (var spelling in spellings)
        {
            if (Encode(column, spelling, canonical.Count) is not { } tuple)
            {
                continue;
            }

            texts.Add(CopyLine(canonical.Count, spelling));
            binaries.Add(tuple);
            decodeds.Add(Decode(tuple, binary));
            canonical.Add(spelling);
        }

        Assert.True(canonical.Count > spellings.Count / 10, $"{canonical.Count} of {spellings.Count} spellings are canonical");
        Assert.True(canonical.Count < spellings.Count, "some spellings are odd");

        // NULL goes through the receive function of a domain too.
        texts.Add(Encoding.UTF8.GetBytes($"{canonical.Count}\t\\N\n"));
        binaries.Add([0, 2, 0, 0, 0, 4, .. BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(canonical.Count)), 0xff, 0xff, 0xff, 0xff]);
        decodeds.Add(Decode(binaries[^1], binary));
        canonical.Add("NULL");

        var byText = await CopyTrial.LoadAsync(connection, "by_text", isBinary: false, texts, Ct);
        var byBinary = await CopyTrial.LoadAsync(connection, "by_binary", isBinary: true, binaries, Ct);
        var byDecoded = await CopyTrial.LoadAsync(connection, "by_decoded", isBinary: false, decodeds, Ct);
        Assert.True(byText.Count < canonical.Count / 2, $"{byText.Count} of {canonical.Count} canonical spellings are refused");
        Assert.Equal(Describe(byText, canonical), Describe(byBinary, canonical));
        Assert.Equal(Describe(byText, canonical), Describe(byDecoded, canonical));
        Assert.Empty(await DifferencesAsync(connection, "by_binary", binary, canonical));
        Assert.Empty(await DifferencesAsync(connection, "by_decoded", binary, canonical));
        Assert.Equal((long)canonical.Count - byText.Count, await ScalarAsync(connection, "SELECT count(*) FROM by_binary"));
    }

    private static byte[]? Encode(BinaryColumn column, string spelling, int index)
    {
        var buffer = new RowBuffer(64, 64);
        var key = new BinaryColumn(new ColumnEncoding("i", BinaryType.Int4));
        BinaryPrimitives.WriteInt16BigEndian(buffer.GetSpan(2), 2);
        buffer.Advance(2);
        Assert.True(BinaryEncoder.TryWriteField(buffer, key, Encoding.UTF8.GetBytes($"{index}")));
        return BinaryEncoder.TryWriteField(buffer, column, Encoding.UTF8.GetBytes(spelling)) ? buffer.Written.ToArray() : null;
    }

    private static byte[] CopyLine(int index, string spelling)
    {
        var buffer = new RowBuffer(64, 64);
        buffer.Write(Encoding.UTF8.GetBytes($"{index}\t"));
        CopyText.WriteField(buffer, Encoding.UTF8.GetBytes(spelling));
        buffer.Write("\n"u8);
        return buffer.Written.ToArray();
    }

    private static byte[] Decode(byte[] tuple, BinaryType type)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(2, BinaryRowDecoder.WriteFields(tuple, [BinaryType.Int4, type], output));
        output.Write("\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static List<string> Describe(Dictionary<int, string> refused, List<string> spellings) =>
        [.. refused.OrderBy(r => r.Key).Select(r => $"{spellings[r.Key]} -> {r.Value}")];

    private static async Task<List<string>> DifferencesAsync(NpgsqlConnection connection, string table, BinaryType type, List<string> spellings)
    {
        // json has no equality of its own.
        var differs = type == BinaryType.Json ? "false" : "a.v IS DISTINCT FROM b.v";
        await using var command = new NpgsqlCommand($"""
            SELECT i, coalesce(a.v::text, '(none)'), coalesce(b.v::text, '(none)') FROM by_text a FULL JOIN {table} b USING (i)
            WHERE {differs} OR a.v::text COLLATE "C" IS DISTINCT FROM b.v::text COLLATE "C" ORDER BY i LIMIT 10
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var found = new List<string>();
        while (await reader.ReadAsync(Ct))
        {
            found.Add($"{spellings[reader.GetInt32(0)]}: {reader.GetString(1)} as text, {reader.GetString(2)} in {table}");
        }

        return found;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task<object> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync(Ct))!;
    }
}

using System.Globalization;
using System.Text;
using Sluice.Diagnostics;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>What is in the table is what was in the file, byte by byte, whatever it is.</summary>
public sealed class RedshiftRoundTripTests(RedshiftServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("copy per table")]
    [InlineData("compress = zstd")]
    [InlineData("compress = none")]
    [InlineData("copy per batch")]
    [InlineData("copy per table, single transaction, iam role = 'arn:aws:iam::123456789012:role/loader'")]
    public async Task Text_is_kept_byte_by_byte(string options)
    {
        string[] texts =
        [
            "", " ", "  both ends  ", "\t", "a\tb", "line\nbreak", "line\r\nbreak", "carriage\rreturn", "\n", "\r", "\"", "\"\"", "a\"b", "\"quoted\"", "'", "''", "\\",
            "\\\\", "\\N", "\\n", "\\.", "NULL", "null", "\\x41", "a,b", ",", "|", "a|b", "ä", "€", "\U0001F600", "\U0001F600\n\U0001F601", "\uFFFE", "\uFDD0", "e\u0301",
            "\u0001", "\u001f", "\v\f\b", "\u007f", "\u00a0", "\u2028", "1", "t", "2024-01-01", "{\"a\": 1}", new string('x', 60_000), new string('"', 9_000),
        ];
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, value varchar(max), tail varchar(10))", Ct);
        var csv = new StringBuilder();
        for (var i = 0; i < texts.Length; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{i},\"{texts[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\",end\n");
        }

        csv.Append(CultureInfo.InvariantCulture, $"{texts.Length},,end\n");
        var result = await load.With("data.csv", csv.ToString()).LoadAsync(options, Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(texts[i] + "|end", await load.QueryAsync($"SELECT value, tail FROM {load.Table} WHERE id = {i}", Ct));
        }

        Assert.Equal("\\N", await load.QueryAsync($"SELECT value FROM {load.Table} WHERE id = {texts.Length}", Ct));
        Assert.Equal("1", await load.QueryAsync($"SELECT count(*) FROM {load.Table} WHERE value IS NULL", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Theory]
    [InlineData("smallint", "-32768", "-32768")]
    [InlineData("smallint", " +32767 ", "32767")]
    [InlineData("integer", "-2147483648", "-2147483648")]
    [InlineData("bigint", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("bigint", "0009223372036854775807", "9223372036854775807")]
    [InlineData("numeric(5,2)", "999.994", "999.99")]
    [InlineData("numeric(5,2)", "-1.005", "-1.01")]
    [InlineData("numeric(5,2)", "0.005", "0.01")]
    [InlineData("numeric(5,2)", "0.0049", "0.00")]
    [InlineData("numeric(5,2)", "-0.004", "0.00")]
    [InlineData("numeric(5,2)", "1e2", "100.00")]
    [InlineData("numeric(5,2)", ".5", "0.50")]
    [InlineData("numeric(5,0)", "2.5", "3")]
    [InlineData("numeric(5,0)", "-2.5", "-3")]
    [InlineData("numeric(19,2)", "92233720368547758.07", "92233720368547758.07")]
    [InlineData("numeric(38,0)", "99999999999999999999999999999999999999", "99999999999999999999999999999999999999")]
    [InlineData("numeric(38,37)", "-9.9999999999999999999999999999999999999", "-9.9999999999999999999999999999999999999")]
    [InlineData("double precision", "1.7976931348623157e308", "1.7976931348623157e+308")]
    [InlineData("double precision", "-0.1", "-0.1")]
    [InlineData("real", "3.4028235e38", "3.4028235e+38")]
    [InlineData("boolean", " YES ", "t")]
    [InlineData("boolean", "of", "f")]
    [InlineData("date", "0001-01-01", "0001-01-01")]
    [InlineData("date", "9999-12-31", "9999-12-31")]
    [InlineData("date", "2024-02-29T12:00:00", "2024-02-29")]
    [InlineData("time", "23:59:59.999999", "23:59:59.999999")]
    [InlineData("timestamp", "2024-02-29 23:59:59.999999", "2024-02-29 23:59:59.999999")]
    [InlineData("timestamp", "2024-02-29T23:59:59+05:30", "2024-02-29 23:59:59")]
    [InlineData("timestamp", "2024-02-29 23:59:59.9999995", "2024-03-01 00:00:00")]
    [InlineData("timestamp", "2024-02-29", "2024-02-29 00:00:00")]
    [InlineData("timestamptz", "2024-02-29 23:59:59.000001", "2024-02-29 23:59:59.000001+00")]
    [InlineData("timestamptz", "2024-02-29 23:59:59.1234565+05:30", "2024-02-29 18:29:59.123456+00")]
    [InlineData("timestamptz", "2024-02-29T00:00:00Z", "2024-02-29 00:00:00+00")]
    [InlineData("char(5)", "ab", "ab   ")]
    [InlineData("char(2)", "ab    ", "ab")]
    [InlineData("varchar(4)", "äö  ", "äö")]
    [InlineData("super", "{\"a\": [1, \"ä\\n\"]}", "{\"a\":[1,\"ä\\n\"]}")]
    [InlineData("varbyte(4)", "\\xDEADbeef", "deadbeef")]
    public async Task Values_are_what_postgresql_would_make_of_them(string type, string value, string expected)
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (value {type}, tail integer)", Ct);
        var result = await load.With("data.csv", $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\",1\n,2\n").LoadAsync("", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal(expected, (await load.QueryAsync($"SELECT value FROM {load.Table} WHERE tail = 1", Ct)).Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal));
        Assert.Equal("\\N", await load.QueryAsync($"SELECT value FROM {load.Table} WHERE tail = 2", Ct));
    }

    [Fact]
    public async Task A_time_without_a_zone_is_in_the_sessions()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, value timestamptz)", Ct);
        await load.With("data.csv", "1,2024-07-01 12:00:00\n2,2024-01-01 12:00:00\n3,2024-01-01 12:00:00.1234567\n4,2024-01-01 12:00:00+00\n")
            .LoadAsync("", Ct, "SET timezone to 'Europe/Berlin'");
        Assert.Equal(
            "2024-07-01 10:00:00+00\n2024-01-01 11:00:00+00\n2024-01-01 11:00:00.123457+00\n2024-01-01 12:00:00+00",
            await load.QueryAsync($"SELECT value FROM {load.Table} ORDER BY id", Ct));
    }

    [Fact]
    public async Task Columns_that_are_left_out_get_their_defaults()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (a integer default 7, id bigint identity(5,1), b varchar(10) default 'x', c integer)", Ct);
        var result = await load.With("data.csv", "1,2\n").LoadAsync("", Ct, columns: "(c, a)");
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal("2|x|1", await load.QueryAsync($"SELECT a, b, c FROM {load.Table}", Ct));
        Assert.DoesNotContain("EXPLICIT_IDS", load.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_column_is_loaded_with_the_files_values_and_a_notice()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id bigint identity(1,1), b varchar(10))", Ct);
        var result = await load.With("data.csv", "42,a\n43,b\n").LoadAsync("", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal("42|a\n43|b", await load.QueryAsync($"SELECT * FROM {load.Table} ORDER BY id", Ct));
        Assert.Contains(result.Notices, notice => notice.Contains("EXPLICIT_IDS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_are_found_whatever_their_case()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (\"Id\" integer, \"two words\" varchar(10))", Ct);
        var result = await load.With("data.csv", "ID,Two Words\n1,a\n").LoadAsync("csv header, quote identifiers", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal("1|a", await load.QueryAsync($"SELECT * FROM {load.Table}", Ct));
    }
}

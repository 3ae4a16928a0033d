namespace RedshiftLocal.Tests.Catalog;

/// <summary>SUPER, VARBYTE and the functions PostgreSQL lacks; the expected values are those of the functions' pages where these show one.</summary>
public sealed class TypesAndFunctionsTests(CatalogServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("len('français')", "8")]
    [InlineData("len('ab   '::char(5))", "2")]
    [InlineData("octet_length('français')", "9")]
    [InlineData("charindex('fish', 'dogfish')", "4")]
    [InlineData("charindex('x', 'dogfish')", "0")]
    [InlineData("octetindex('q', 'Área q')", "7")]
    [InlineData("replicate('ab', 3)", "ababab")]
    [InlineData("strtol('0xf', 16)", "15")]
    [InlineData("strtol('abcd1234', 16)", "2882343476")]
    [InlineData("strtol('-1234567', 10)", "-1234567")]
    [InlineData("strtol('110101', 2)", "53")]
    [InlineData("sha1('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData("func_sha1(repeat('a', 1000))", "291e9a6c66994949b57ba5e650361e98fc36b1ba")]
    [InlineData("sha2('abc', 256)", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha2('abc', 1)", "~")]
    [InlineData("crc32('123456789')", "cbf43926")]
    [InlineData("fnv_hash(1)", "-5968735742475085980")]
    [InlineData("fnv_hash('Amazon Redshift')", "7783490368944507294")]
    [InlineData("fnv_hash('Amazon Redshift', fnv_hash(1))", "-2202602717770968555")]
    [InlineData("regexp_count('abcdefghijklmnopqrstuvwxyz', '[a-z]{3}')", "8")]
    [InlineData("regexp_count('aXbX', 'x', 1, 'i')", "2")]
    [InlineData("regexp_instr('the fox', 'FOX', 1, 1, 0, 'i')", "5")]
    [InlineData("regexp_substr('the fox', 'FOX', 1, 1, 'i')", "fox")]
    [InlineData("regexp_substr('the fox', 'cow')", "")]
    [InlineData("regexp_substr('ab=cd', '([a-z]+)=', 1, 1, 'e')", "ab")]
    [InlineData("regexp_replace('the fox', 'FOX', 'quick brown fox', 1, 'i')", "the quick brown fox")]
    [InlineData("regexp_replace('a1b2', '[0-9]', '')", "ab")]
    [InlineData("regexp_replace('a1b2', '([a-z])([0-9])', '$2$1')", "1a2b")]
    [InlineData("regexp_replace('a1', '[0-9]', '\\\\')", "a\\")]
    [InlineData("to_hex('abc'::rs_catalog.varbyte)", "616263")]
    [InlineData("from_hex('6162')", "\\x6162")]
    [InlineData("to_varbyte('é', 'utf8')", "\\xc3a9")]
    [InlineData("to_varbyte('616263', 'hex')", "\\x616263")]
    [InlineData("from_varbyte('abc'::rs_catalog.varbyte, 'base64')", "YWJj")]
    [InlineData("trunc(115.28, 1)", "115.2")]
    [InlineData("any_value(x) FROM (VALUES (NULL), (5)) AS v (x)", "5")]
    public async Task Functions_of_text_and_bytes(string call, string expected) => Assert.Equal([expected], await SelectAsync(call));

    [Theory]
    [InlineData("dateadd('month', 18, '2008-02-28')", "2009-08-28 00:00:00")]
    [InlineData("dateadd('m', 18, '2008-02-28')", "2008-02-28 00:18:00")]
    [InlineData("dateadd('month', 1, '2008-01-31'::date)", "2008-02-29 00:00:00")]
    [InlineData("dateadd('qtr', 1, '2008-01-31'::timestamp)", "2008-04-30 00:00:00")]
    [InlineData("dateadd('minute', 5, '13:24:55'::time)", "13:29:55")]
    [InlineData("datediff('week', '2009-01-01', '2009-12-31')", "52")]
    [InlineData("datediff('year', '2008-12-31', '2009-01-01')", "1")]
    [InlineData("datediff('hour', '2008-12-31 23:59:59', '2009-01-01 00:00:00')", "1")]
    [InlineData("datediff('ms', '2009-01-01 00:00:00', '2009-01-01 00:00:01.5'::timestamp)", "1500")]
    [InlineData("datediff('day', '2009-01-02'::date, '2009-01-01'::date)", "-1")]
    [InlineData("date_part('w', '2008-06-17 09:44:54'::timestamp)", "25")]
    [InlineData("date_part('minute', '2009-01-01 02:08:01'::timestamp)", "8")]
    [InlineData("date_part('dow', '2008-06-15'::date)", "0")]
    [InlineData("date_trunc('week', '2001-02-16'::date)", "2001-02-12 00:00:00")]
    [InlineData("trunc('2011-07-21 10:32:38'::timestamp)", "2011-07-21")]
    [InlineData("last_day('2004-01-31')", "2004-01-31")]
    [InlineData("add_months('2008-05-31'::date, 1)", "2008-06-30 00:00:00")]
    [InlineData("add_months('2008-02-29'::date, 1)", "2008-03-31 00:00:00")]
    [InlineData("months_between('1969-01-18', '1969-03-18')", "-2")]
    [InlineData("next_day('2014-08-20', 'Tuesday')", "2014-08-26")]
    [InlineData("next_day('2014-08-26', 'tu')", "2014-09-02")]
    [InlineData("convert_timezone('EST', '2008-03-05 09:06:30'::timestamp)", "2008-03-05 04:06:30")]
    [InlineData("convert_timezone('UTC', 'America/New_York', '2000-07-01 12:00:00')", "2000-07-01 08:00:00")]
    [InlineData("date_cmp('2008-01-01', '2008-01-04')", "-1")]
    [InlineData("pg_typeof(getdate())", "timestamp without time zone")]
    [InlineData("getdate() = date_trunc('second', getdate())", "t")]
    public async Task Functions_of_dates(string call, string expected) => Assert.Equal([expected], await SelectAsync(call));

    [Theory]
    [InlineData("json_parse('{\"b\" : [1, 2.50, \"x  y\"], \"a\":null }')", "{\"b\":[1,2.50,\"x  y\"],\"a\":null}")]
    [InlineData("json_serialize(json_parse('[1, 2]'))", "[1,2]")]
    [InlineData("can_json_parse('[1')", "f")]
    [InlineData("is_valid_json('{\"a\":2}')", "t")]
    [InlineData("is_valid_json('{2:a}')", "f")]
    [InlineData("is_valid_json_array('[]')", "t")]
    [InlineData("json_extract_path_text('{\"f2\":{\"f3\":1},\"f4\":{\"f5\":99,\"f6\":\"star\"}}', 'f4', 'f6')", "star")]
    [InlineData("json_extract_path_text('broken', 'a', true)", "~")]
    [InlineData("json_extract_array_element_text('[111,112,113]', 2)", "113")]
    [InlineData("json_array_length('[11,12,13,{\"f1\":1,\"f2\":[5,6]},14]')", "5")]
    [InlineData("json_array_length('x', true)", "~")]
    [InlineData("json_typeof(json_parse('[]'))", "array")]
    [InlineData("get_array_length(json_parse('[1,2,3]'))", "3")]
    [InlineData("is_integer(json_parse('5'))", "t")]
    [InlineData("is_integer(json_parse('5.5'))", "f")]
    [InlineData("is_varchar(json_parse('\"x\"'))", "t")]
    [InlineData("json_parse('[1]')::varchar", "~")]
    [InlineData("json_parse('{\"a\":1}')::varchar", "~")]
    [InlineData("json_parse('\"x\"')::varchar", "x")]
    [InlineData("json_parse('7')::integer", "7")]
    [InlineData("json_parse('true')::boolean", "t")]
    public async Task Functions_of_json(string call, string expected) => Assert.Equal([expected], await SelectAsync(call));

    [Theory]
    [InlineData("json_parse('{bad')", "XX000 JSON parsing error")]
    [InlineData("json_extract_path_text('broken', 'a')", "XX000 JSON parsing error")]
    [InlineData("json_array_length('{}')", "XX000 JSON parsing error")]
    [InlineData("strtol('12', 2)", "22P02 The input 12 is not valid to be converted to base 2")]
    [InlineData("strtol('12', 99)", "22023 invalid base 99 for strtol: it must be between 2 and 36")]
    [InlineData("dateadd('fortnight', 1, '2008-01-01')", "22023 timestamp units \"fortnight\" not recognized")]
    [InlineData("next_day('2008-01-01', 'x')", "22023 invalid day of the week \"x\"")]
    [InlineData("regexp_count('a', 'a', 1, 'q')", "22023 invalid regexp option: \"q\"")]
    [InlineData("to_varbyte('a', 'rot13')", "22023 unsupported format \"rot13\" of a VARBYTE")]
    [InlineData("b::varchar FROM (VALUES (true)) AS v (b)", "42846 cannot cast type boolean to character varying")]
    [InlineData("b::char(1) FROM (VALUES (true)) AS v (b)", "42846 cannot cast type boolean to character")]
    [InlineData("x::boolean FROM (VALUES ('t'::varchar)) AS v (x)", "42846 cannot cast type character varying to boolean")]
    [InlineData("json_serialize(('\"' || repeat('x', 65535) || '\"')::json::rs_catalog.super)", "22001 value too long for type character varying(65535)")]
    public async Task Errors_of_functions_and_casts(string call, string expected)
    {
        var database = await server.SharedDatabaseAsync(Ct);

        Assert.Equal(expected, await database.ErrorAsync(CatalogServer.Alice, $"SELECT {call}", Ct));
    }

    [Fact]
    public async Task Text_in_a_super_column_is_a_string_unless_it_was_parsed()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Alice, Ct);
        await session.QueryAsync("CREATE TABLE t (id integer, s rs_catalog.super); SELECT rs_internal.ddl('{\"action\":\"create_table\",\"table\":\"t\"}'::text)", Ct);
        await session.QueryAsync("INSERT INTO t VALUES (1, '{\"a\":1}')", Ct);
        await session.QueryAsync("INSERT INTO t VALUES (2, json_parse('{\"a\":1}'))", Ct);
        await session.QueryAsync("INSERT INTO t VALUES (3, 'text'::varchar)", Ct);
        await session.QueryAsync("INSERT INTO t VALUES (4, 12)", Ct);
        await session.QueryAsync("INSERT INTO t SELECT 5, s FROM t WHERE id = 2", Ct);

        Assert.Equal(
            ["1|\"{\\\"a\\\":1}\"", "2|{\"a\":1}", "3|\"text\"", "4|12", "5|{\"a\":1}"], await CatalogDatabase.RowsAsync(session, "SELECT id, s FROM t ORDER BY id", Ct));
        var exception = await Assert.ThrowsAsync<RedshiftLocal.Protocol.ServerException>(() => session.QueryAsync("INSERT INTO t VALUES (6, 'not json')", Ct));
        Assert.Equal("22P02", exception.Error.SqlState);
    }

    [Fact]
    public async Task Varbyte_holds_bytes_up_to_its_length()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Alice, Ct);
        await session.QueryAsync("CREATE TABLE t (b rs_catalog.varbyte(3)); INSERT INTO t VALUES ('abc'), (from_hex('00ff')), ('é'::varchar)", Ct);

        Assert.Equal(["\\x00ff", "\\x616263", "\\xc3a9"], await CatalogDatabase.RowsAsync(session, "SELECT DISTINCT b FROM t ORDER BY b", Ct));
        var exception = await Assert.ThrowsAsync<RedshiftLocal.Protocol.ServerException>(() => session.QueryAsync("INSERT INTO t VALUES ('abcd')", Ct));
        Assert.Equal("value too long for type binary varying(3)", exception.Error.Message);
    }

    [Fact]
    public async Task Super_and_varbyte_can_be_grouped_and_joined()
    {
        var database = await server.CreateDatabaseAsync(Ct);

        Assert.Equal(
            ["2|1"],
            await database.RowsAsync(
                CatalogServer.Alice,
                """
                SELECT (SELECT count(DISTINCT s) FROM (VALUES (json_parse('1')), (json_parse('1')), (json_parse('2'))) AS v (s)),
                    (SELECT count(*) FROM (VALUES (from_hex('61'))) AS a (b) JOIN (VALUES (from_hex('61'))) AS c (b) ON a.b = c.b)
                """,
                Ct));
    }

    private async Task<string[]> SelectAsync(string call)
    {
        var database = await server.SharedDatabaseAsync(Ct);
        return await database.RowsAsync(CatalogServer.Alice, $"SELECT {call}", Ct);
    }
}

using Npgsql;

namespace RedshiftLocal.Tests.Sessions.Clients;

/// <summary>Npgsql as it comes: with and without type loading, with a pool, with its own transactions.</summary>
public sealed class NpgsqlTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task It_opens_and_reads_with_and_without_type_loading_and_pooling(bool loadsTypes, bool pools)
    {
        await using var source = await SourceAsync(loadsTypes, pools);
        for (var round = 0; round < 2; round++)
        {
            await using var connection = await source.OpenConnectionAsync(Ct);
            await using var command = new NpgsqlCommand("select 42, 'text', true, 1.5::numeric(10,2), timestamp '2024-01-02 03:04:05', null::int", connection);
            await using var reader = await command.ExecuteReaderAsync(Ct);
            Assert.True(await reader.ReadAsync(Ct));
            Assert.Equal(42, reader.GetInt32(0));
            Assert.Equal("text", reader.GetString(1));
            Assert.True(reader.GetBoolean(2));
            Assert.Equal(1.5m, reader.GetDecimal(3));
            Assert.Equal(new DateTime(2024, 1, 2, 3, 4, 5), reader.GetDateTime(4));
            Assert.True(await reader.IsDBNullAsync(5, Ct));
        }
    }

    [Fact]
    public async Task It_takes_the_server_for_version_8_0_2_without_conforming_strings()
    {
        await using var source = await SourceAsync(loadsTypes: true, pools: false);
        await using var connection = await source.OpenConnectionAsync(Ct);

        Assert.Equal(new Version(8, 0, 2), connection.PostgreSqlVersion);
        Assert.False(connection.PostgresParameters.ContainsKey("standard_conforming_strings"));
        Assert.Equal("l'x", await connection.ScalarAsync("select 'l\\'x'", Ct));
    }

    [Fact]
    public async Task Parameters_prepared_statements_and_batches_work()
    {
        await using var source = await SourceAsync(loadsTypes: true, pools: false);
        await using var connection = await source.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync("create temp table npgsql_rows (a int, b varchar(20), t timestamp)", Ct);
        await using var insert = new NpgsqlCommand("insert into npgsql_rows values ($1, $2, $3)", connection);
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = 1 });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "x\\y'z" });
        insert.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = new DateTime(2024, 1, 2) });
        await insert.PrepareAsync(Ct);
        Assert.Equal(1, await insert.ExecuteNonQueryAsync(Ct));
        Assert.Equal(1, await insert.ExecuteNonQueryAsync(Ct));
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("update npgsql_rows set a = 2"), new("select count(*) from npgsql_rows where b = 'x\\\\y''z'") },
        };

        await using var reader = await batch.ExecuteReaderAsync(Ct);

        Assert.True(await reader.ReadAsync(Ct));
        Assert.Equal(2L, reader.GetInt64(0));
    }

    [Fact]
    public async Task Its_transactions_commit_and_roll_back()
    {
        await using var source = await SourceAsync(loadsTypes: false, pools: false);
        await using var connection = await source.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync("create temp table npgsql_kept (a int)", Ct);
        await using (var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, Ct))
        {
            await connection.ExecuteAsync("insert into npgsql_kept values (1)", Ct);
            await transaction.CommitAsync(Ct);
        }

        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            await connection.ExecuteAsync("insert into npgsql_kept values (2)", Ct);
            await transaction.RollbackAsync(Ct);
        }

        Assert.Equal("1", await connection.ScalarAsync("select sum(a) from npgsql_kept", Ct));
    }

    [Fact]
    public async Task Super_and_varbyte_are_read_as_text_of_types_it_does_not_know()
    {
        await using var source = await SourceAsync(loadsTypes: false, pools: false);
        await using var connection = await source.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync("create temp table npgsql_super (s super, v varbyte(10))", Ct);
        await connection.ExecuteAsync("insert into npgsql_super select json_parse('{\"a\":[1,2]}'), to_varbyte('0aff', 'hex')", Ct);

        var row = Assert.Single(await connection.RowsAsync("select s, v from npgsql_super", Ct));

        Assert.Equal("{\"a\":[1,2]} 0aff", $"{row[0]} {row[1]}");
    }

    [Fact]
    public async Task A_backslash_in_a_literal_keeps_a_semicolon_where_it_is()
    {
        await using var connection = await fixture.ConnectAsync(Ct);

        Assert.Equal("a';b", await connection.ScalarAsync("select 'a\\';b'", Ct));
    }

    [Fact]
    public async Task Cancelling_a_command_cancels_the_statement()
    {
        await using var connection = await fixture.ConnectAsync(Ct);
        await using var command = new NpgsqlCommand(
            "with t as (select 1 as a union all select 2), u as (select a.a from t a, t b, t c, t d, t e, t f, t g, t h) select count(*) from u a, u b, u c, u d",
            connection);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(TimeSpan.FromMilliseconds(300));

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => command.ExecuteScalarAsync(soon.Token));

        Assert.Equal("57014", Assert.IsType<PostgresException>(error.InnerException).SqlState);
        Assert.Equal("1", await connection.ScalarAsync("select 1", Ct));
    }

    private async Task<NpgsqlDataSource> SourceAsync(bool loadsTypes, bool pools)
    {
        var server = await fixture.StartAsync(Ct);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = server.EndPoint.Address.ToString(),
            Port = server.EndPoint.Port,
            Username = RedshiftLocalServer.User,
            Password = RedshiftLocalServer.Password,
            Database = "dev",
            Pooling = pools,
            MaxPoolSize = 1,
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(loadsTypes));
        return builder.Build();
    }
}

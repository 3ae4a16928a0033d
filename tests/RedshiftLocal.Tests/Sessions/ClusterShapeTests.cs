using Npgsql;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>What the options say about the cluster reaches views and functions.</summary>
public sealed class ClusterShapeTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_number_of_slices_is_that_of_the_option()
    {
        await using var server = await fixture.StartOwnAsync(options => options with { Slices = 7 }, Ct);
        await using var connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(server.EndPoint));
        await connection.OpenAsync(Ct);

        Assert.Equal("7", await connection.ScalarAsync("select count(*) from stv_slices", Ct));
    }

    [Fact]
    public async Task The_private_server_knows_that_it_is_serverless()
    {
        var data = fixture.NewFolder();
        await using var server = await fixture.StartOwnAsync(options => options with { DataFolder = data, Serverless = true }, Ct);
        await using var inside = new NpgsqlConnection($"Host={data}/postgres;Port=5432;Username=rdsdb;Database=dev;Pooling=false");
        await inside.OpenAsync(Ct);

        var error = await inside.ErrorAsync("select count(*) from rs_catalog.stl_load_errors", Ct);

        Assert.Equal("42501", error.SqlState);
    }

    [Theory]
    [InlineData("pg_catalog.pg_get_userbyid(1)", "rdsdb")]
    [InlineData("pg_catalog.format_type(4000, -1)", "super")]
    [InlineData("pg_catalog.octet_length('ä')", "2")]
    [InlineData("pg_catalog.to_hex(255)", "ff")]
    [InlineData("pg_catalog.format_type(6551, -1)", "binary varying")]
    public async Task Functions_of_pg_catalog_know_the_users_and_types_of_redshift(string call, string result)
    {
        await using var connection = await fixture.ConnectAsync(Ct);

        Assert.Equal(result, await connection.ScalarAsync("select " + call, Ct));
    }
}

using Npgsql;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Runs;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Runs;

public sealed class RegressionTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly QualifiedName Table = new("pg_temp", "T x");

    private readonly string _file = Path.GetTempFileName();
    private NpgsqlConnection? _connection;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private NpgsqlConnection Connection => _connection!;

    public async ValueTask InitializeAsync()
    {
        _connection = new NpgsqlConnection(server.Admin().ConnectionString);
        await _connection.OpenAsync(Ct);
        await ExecuteAsync("""
            CREATE TEMPORARY TABLE "T x" (a int, "B b" point, j json, d text, e int[], t timestamptz DEFAULT now());
            INSERT INTO "T x" VALUES (1, '(1,2)', '{}', 'é', '{1}', null), (1, '(1,2)', '{}', 'é', '{1}', null),
                                     (2, null, null, null, null, '2020-01-01 00:00+00')
            """);
    }

    [Fact]
    public async Task The_same_rows_in_another_order_and_spelling_are_no_difference() =>
        Assert.True((await CompareAsync("1\t(1,2)\t{}\té\t{1}\t\\N\n2\t\\N\t\\N\t\\N\t\\N\t2020-01-01 01:00:00+01\n1\t(1.0,2)\t{}\té\t{1}\t\\N\n")).IsSame);

    [Fact]
    public async Task Rows_are_compared_in_both_directions_and_duplicates_count()
    {
        var result = await CompareAsync("1\t(1,2)\t{}\té\t{1}\t\\N\n3\t\\N\t\\N\ta\\nb\t\\N\t\\N\n");

        Assert.Equal((1, 2), (result.Missing, result.Unexpected));
        Assert.Equal("(3,,,\"a\nb\",,)", Assert.Single(result.MissingRows));
        Assert.Contains("(1,\"(1,2)\",{},é,{1},)", result.UnexpectedRows);
    }

    [Fact]
    public async Task An_empty_file_expects_an_empty_table() => Assert.Equal(3, (await CompareAsync("")).Unexpected);

    [Fact]
    public async Task Nothing_stays_behind()
    {
        await CompareAsync("");
        await CompareAsync("");

        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_class WHERE relname LIKE 'sluice%'", Connection);
        Assert.Equal(0L, await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task A_file_that_does_not_fit_says_where()
    {
        var fault = await Assert.ThrowsAsync<TargetException>(() => CompareAsync("x\t(1,2)\n"));

        // Before PostgreSQL 11 the server's text has no "type".
        Assert.Matches("invalid input syntax for (type )?integer: \"x\" \\(COPY sluice expected, line 1, column a: \"x\"\\)", fault.Message);
        Assert.True((await CompareAsync("")).Unexpected == 3, "the connection can still be used");
    }

    [Fact]
    public async Task A_missing_table_is_told()
    {
        var fault = await Assert.ThrowsAsync<TargetException>(
            () => Regression.CompareAsync(Connection, new QualifiedName(null, "nix"), _file, Ct));

        Assert.Contains("relation \"nix\" does not exist", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_told()
    {
        var fault = await Assert.ThrowsAsync<SourceException>(() => Regression.CompareAsync(Connection, Table, "/nix.out", Ct));

        Assert.StartsWith("The file of expected rows /nix.out cannot be read", fault.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_file);
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private async Task<RegressionResult> CompareAsync(string expected)
    {
        await File.WriteAllTextAsync(_file, expected, Ct);
        return await Regression.CompareAsync(Connection, Table, _file, Ct);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, Connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}

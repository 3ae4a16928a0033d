using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>A sample database of another hand, compared value by value.</summary>
public sealed class MySqlWholeTests(PostgresServer server, MySqlServer mysql)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sakila_arrives_value_by_value_with_keys_and_all()
    {
        await using var source = await mysql.CreateSakilaAsync(Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct, "--with", "batch rows = 5000, batch size = 4 MB")).ExitsWith(0).Says("Read at one point in time").Says("6 triggers");
        Assert.Equal(47_273, await MySqlFixture.CompareAsync(source, target, Ct));
        Assert.Equal("f|22\np|16", await target.QueryAsync($"SELECT contype, count(*) FROM pg_constraint WHERE contype IN ('p', 'f') AND convalidated AND connamespace = '{source.Name}'::regnamespace GROUP BY 1 ORDER BY 1", Ct));
        Assert.Equal(
            "CREATE INDEX idx_film_text_idx_title_description ON #.film_text USING gin (to_tsvector('simple'::regconfig, (((COALESCE(title, ''::character varying))::text || ' '::text) || COALESCE(description, ''::text))))",
            (await target.QueryAsync("SELECT indexdef FROM pg_indexes WHERE indexname = 'idx_film_text_idx_title_description'", Ct)).Replace(source.Name, "#", StringComparison.Ordinal));
        Assert.Equal("{\"Deleted Scenes\",\"Behind the Scenes\"}", await target.QueryAsync($"SELECT special_features FROM {source.Name}.film WHERE film_id = 1", Ct));
        Assert.Equal(201, await target.ScalarAsync<int>($"INSERT INTO {source.Name}.actor (first_name, last_name) VALUES ('a', 'b') RETURNING actor_id", Ct));
    }
}

using System.Text.RegularExpressions;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>PostgreSQL databases into a PostgreSQL of another version.</summary>
public sealed partial class PostgresVersionsTests(PostgresServer server, NewestPostgresServer newest) : IClassFixture<NewestPostgresServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_arrives_in_the_newest_version_exactly_as_it_was()
    {
        await using var source = await server.CreateEverythingAsync(Ct);
        await using var target = await newest.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct, "--require-consistent")).ExitsWith(0);
        Assert.Equal(Comparable(await source.SchemaAsync(Ct)), Comparable(await target.SchemaAsync(Ct)));
        Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
    }

    [Fact]
    public async Task A_small_database_goes_back_to_an_older_version()
    {
        await using var source = await newest.CreateWithAsync(
            """
            CREATE TABLE parent (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text NOT NULL, at timestamptz DEFAULT now());
            CREATE TABLE child (parent int REFERENCES parent ON DELETE CASCADE, amount numeric(10,2) CHECK (amount > 0));
            INSERT INTO parent (t, at) SELECT 't' || i, '2024-01-01' FROM generate_series(1, 1000) i;
            INSERT INTO child SELECT id, id FROM parent;
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct)).ExitsWith(0);
        if (server.Version >= 110000)
        {
            // Before that the server described objects in other words.
            Assert.Equal(Comparable(await source.SchemaAsync(Ct)), Comparable(await target.SchemaAsync(Ct)));
        }

        Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
    }

    // Since PostgreSQL 18 NOT NULL stands among the constraints, and the server names its own keys to partitions differently; since 17 partitions have the identity of their table, and the default of statistics
    // is NULL rather than -1.
    private static string Comparable(string schema) => string.Join(
        '\n',
        schema.Split('\n')
            .Where(line => !(line.StartsWith("constraint ", StringComparison.Ordinal) && (line.Contains(" NOT NULL ", StringComparison.Ordinal) || ServersOwnKey().IsMatch(line))))
            .Select(line => line.Replace(" statistics -1 ", " statistics  ", StringComparison.Ordinal))
            .Select(line => line.StartsWith("column public.m_", StringComparison.Ordinal) ? line.Replace(" identity d ", " identity  ", StringComparison.Ordinal) : line));

    [GeneratedRegex(@"_fkey_?\d+ FOREIGN KEY")]
    private static partial Regex ServersOwnKey();
}

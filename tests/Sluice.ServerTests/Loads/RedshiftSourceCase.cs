using Sluice.Diagnostics;
using Sluice.Runs;
using Sluice.ServerTests.Servers;
using Sluice.ServerTests.Targets.Redshift;

namespace Sluice.ServerTests.Loads;

/// <summary>A schema of its own in a stand-in of Redshift, and a PostgreSQL database that it is loaded into.</summary>
internal sealed class RedshiftSourceCase : IDisposable
{
    private readonly RedshiftCase _source;

    private RedshiftSourceCase(RedshiftCase source, TestDatabase target)
    {
        _source = source;
        Target = target;
    }

    public RedshiftCase Source => _source;

    public TestDatabase Target { get; }

    /// <summary>On both sides.</summary>
    public string Schema => _source.Table;

    /// <summary>Only the tables of the schema.</summary>
    public string Own => $"INCLUDING ONLY TABLE NAMES MATCHING ~/.*/ IN SCHEMA '{Schema}'";

    /// <param name="servers">The stand-ins.</param>
    /// <param name="postgres">The target.</param>
    /// <param name="sql">Statements; SCHEMA stands for the schema's name.</param>
    /// <param name="ct">Stops.</param>
    /// <param name="name">The stand-in's.</param>
    public static async Task<RedshiftSourceCase> CreateAsync(RedshiftServers servers, PostgresServer postgres, string sql, CancellationToken ct, string name = "shared")
    {
        var made = new RedshiftSourceCase(await servers.OpenAsync(ct, name), await postgres.CreateDatabaseAsync());
        await made.ExecuteAsync("CREATE SCHEMA SCHEMA", ct);
        foreach (var statement in sql.Split(";;", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await made.ExecuteAsync(statement, ct);
        }

        return made;
    }

    public string Command(string clauses, string? target = null) => $"LOAD DATABASE FROM {_source.Uri} INTO {target ?? Target.Uri} {clauses} {Own};";

    /// <summary>Loads, and holds the run to an exit code and the bucket to be empty.</summary>
    public async Task<RunResult> MustAsync(ExitCode code, CancellationToken ct, string clauses = "", string? target = null)
    {
        var result = await _source.RunAsync(Command(clauses, target), ct);
        Assert.True(result.ExitCode == code, $"{result.ExitCode}\n{_source.Everything}");
        Assert.Empty(await _source.StagedAsync(ct));
        Assert.DoesNotContain(RedshiftServers.SecretKey, _source.Everything, StringComparison.Ordinal);
        return result;
    }

    /// <summary>The statements that unloaded a table.</summary>
    public IEnumerable<string> Unloads(string table) =>
        _source.Statements.Where(statement => statement.StartsWith("UNLOAD", StringComparison.OrdinalIgnoreCase) && statement.Contains($"\"{Schema}\".\"{table}\"", StringComparison.Ordinal));

    public Task ExecuteAsync(string sql, CancellationToken ct) => _source.ExecuteAsync(Named(sql), ct);

    /// <summary>What the target holds: fields split by <c>|</c>, a line a row.</summary>
    public Task<string> QueryAsync(string sql, CancellationToken ct) => Target.QueryAsync(Named(sql), ct);

    /// <summary>What the source holds, in the same form.</summary>
    public Task<string> QuerySourceAsync(string sql, CancellationToken ct) => _source.QueryAsync(Named(sql), ct);

    public void Dispose() => _source.Dispose();

    private string Named(string sql) => sql.Replace("SCHEMA SCHEMA", $"SCHEMA {Schema}", StringComparison.Ordinal).Replace("SCHEMA.", $"{Schema}.", StringComparison.Ordinal)
        .Replace("'SCHEMA.", $"'{Schema}.", StringComparison.Ordinal).Replace("'SCHEMA'", $"'{Schema}'", StringComparison.Ordinal);
}

using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Runs;
using Sluice.Sources;

namespace Sluice.Tests.Runs;

public sealed class RequireConsistentTests
{
    [Fact]
    public async Task A_weaker_source_is_a_failure_when_one_point_in_time_is_asked_for()
    {
        var source = new Weak();
        var error = await Assert.ThrowsAsync<SourceException>(() => DatabaseLoad.RequireConsistentAsync(source, isRequired: true));
        Assert.Equal("shop cannot be read at one point in time, which --require-consistent asks for: it would be read at a time of its own for each table", error.Message);
        Assert.Equal(ExitCode.LoadFailed, error.ExitCode);
        Assert.True(source.IsDisposed);
    }

    [Fact]
    public async Task It_is_taken_when_nothing_is_asked_for()
    {
        var source = new Weak();
        Assert.Same(source, await DatabaseLoad.RequireConsistentAsync(source, isRequired: false));
        Assert.False(source.IsDisposed);
    }

    private sealed class Weak : IDatabaseSource
    {
        public bool IsDisposed { get; private set; }

        public string Label => "shop";

        public ImmutableArray<CastRule> DefaultCasts => [];

        public int Readers => 1;

        public string Consistency => "a time of its own for each table";

        public bool IsConsistent => false;

        public Task<DatabaseCatalog> ReadCatalogAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task<TableModel> DescribeAsync(QualifiedName name, string query, CancellationToken ct) => throw new NotSupportedException();

        public ISource OpenTable(TableReading table, int reader) => throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}

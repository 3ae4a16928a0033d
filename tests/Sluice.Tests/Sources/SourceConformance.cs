using Sluice.Batches;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;
using Sluice.Plans;
using Sluice.Postgres;
using Sluice.Sources;

namespace Sluice.Tests.Sources;

/// <summary>What every source of files promises: its descriptor is true, and its units are read as the interface says.</summary>
public abstract class SourceConformance
{
    protected abstract LoadKinds Kind { get; }

    /// <summary>A command that reads two columns, a and b.</summary>
    protected abstract string Command { get; }

    /// <summary>An input of three rows, one record to be rejected and one to be skipped, or none.</summary>
    protected abstract byte[] Data { get; }

    /// <summary>How many records are skipped; formats in which an empty line is a row skip none.</summary>
    protected virtual int Skipped => 1;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void It_is_built_as_its_descriptor_says()
    {
        var descriptor = SourceRegistry.Find(Kind);
        Assert.True(descriptor.IsBuilt);
        Binder.RefuseUnbuilt(Spec());
        Assert.Same(descriptor, Assert.Single(SourceRegistry.All, other => other.Keyword == descriptor.Keyword));
    }

    [Fact]
    public void Every_option_of_its_descriptor_is_understood_once()
    {
        var options = SourceRegistry.Find(Kind).Options;
        Assert.Equal(options.Length, options.Select(option => option.Words).Distinct(StringComparer.Ordinal).Count());
        Assert.All(options, option => Assert.NotEmpty(option.Help));
    }

    [Fact]
    public async Task Units_are_numbered_from_0_and_name_columns_of_the_table()
    {
        await using var source = OpenTwice(CancellationToken.None);
        var units = await source.SplitAsync(Ct);
        Assert.Equal(Enumerable.Range(0, units.Count), units.Select(unit => unit.Index));
        Assert.All(units, unit => Assert.Equal(["a", "b"], unit.Columns));
        Assert.All(units, unit => Assert.NotEmpty(unit.Label));
    }

    [Fact]
    public async Task Every_record_is_a_row_a_reject_or_skipped_and_knows_where_it_began()
    {
        await using var source = OpenTwice(CancellationToken.None);
        foreach (var unit in await source.SplitAsync(Ct))
        {
            var rows = new CollectingRowWriter();
            await source.ReadAsync(unit, rows, Ct);
            Assert.Equal((3, 1, Skipped), (rows.Rows.Count, rows.Rejects.Count, rows.Skipped));
            Assert.All(rows.Rows, row => Assert.Equal(unit.Columns.Length, row.Length));
            Assert.All(rows.Origins, origin => Assert.Equal(unit.Index, origin.Input));
            Assert.Equal(rows.Origins.OrderBy(origin => origin.Line), rows.Origins);
            Assert.All(rows.Rejects, reject => Assert.NotEqual(RejectStage.Server, reject.Rejection.Stage));
            Assert.All(rows.Rejects, reject => Assert.True(Data.AsSpan().IndexOf(reject.Source) >= 0, "a reject keeps the bytes of the source"));
        }
    }

    [Fact]
    public async Task Source_bytes_are_counted_once()
    {
        var counted = 0L;
        await using var source = Open([Input(Data, 0)], bytes => counted += bytes, CancellationToken.None);
        var units = await source.SplitAsync(Ct);
        await source.ReadAsync(units[0], new CollectingRowWriter(), Ct);
        Assert.Equal(Data.Length, counted);
        Assert.Equal(Data.Length, units[0].Bytes);
    }

    [Fact]
    public async Task Notices_only_grow()
    {
        await using var source = OpenTwice(CancellationToken.None);
        var before = source.Notices;
        foreach (var unit in await source.SplitAsync(Ct))
        {
            await source.ReadAsync(unit, new CollectingRowWriter(), Ct);
            Assert.True(before.Length <= source.Notices.Length);
            before = source.Notices;
        }
    }

    [Fact]
    public async Task Draining_ends_quietly_and_cancelling_does_not()
    {
        using var drain = new CancellationTokenSource();
        await using var source = OpenTwice(drain.Token);
        var units = await source.SplitAsync(Ct);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.ReadAsync(units[0], new CollectingRowWriter(), cancelled.Token));
        await drain.CancelAsync();
        var rows = new CollectingRowWriter();
        await source.ReadAsync(units[1], rows, Ct);
        Assert.Empty(rows.Rows);
    }

    [Fact]
    public async Task An_input_that_breaks_is_a_source_error()
    {
        var broken = new InputFile("broken", null, CanReopen: true, _ => Task.FromResult(new OpenedInput(new BrokenStream(), null)));
        await using var source = Open([broken], _ => { }, CancellationToken.None);
        var failure = await Assert.ThrowsAnyAsync<SourceException>(async () =>
        {
            foreach (var unit in await source.SplitAsync(Ct))
            {
                await source.ReadAsync(unit, new CollectingRowWriter(), Ct);
            }
        });
        Assert.Contains("broken", failure.Message, StringComparison.Ordinal);
    }

    private static InputFile Input(byte[] data, int index) => new($"input {index}", data.Length, CanReopen: false,
        _ => Task.FromResult(new OpenedInput(new MemoryStream(data), data.Length)));

    private static PostgresTable Table() => new()
    {
        Name = new(null, "t"),
        Oid = 1,
        Kind = TableKind.Ordinary,
        IsUnlogged = false,
        IsTemporary = false,
        IsPartition = false,
        Partitions = 0,
        Columns = [Text("a"), Text("b")],
        Indexes = [],
        RowTriggers = [],
        SelfReferences = [],
        ExclusionConstraints = [],
        IsRowSecurityActive = false,
        MayInsert = true,
        MayTruncate = true,
        IsOwner = true,
    };

    private static PostgresColumn Text(string name) => new()
    {
        Name = name,
        TypeName = "text",
        TypeOid = 25,
        TypeModifier = -1,
        BaseTypeOid = 25,
        BaseTypeModifier = -1,
        IsEnum = false,
        IsArray = false,
        IsNotNull = false,
        MayInsert = true,
    };

    private FileLoadSpec Spec() => Assert.IsType<FileLoadSpec>(Assert.Single(new CommandReader(_ => null).ReadText("x.load", Command, Path.GetTempPath())));

    private ISource OpenTwice(CancellationToken drain) => Open([Input(Data, 0), Input(Data, 1)], _ => { }, drain);

    private ISource Open(InputFile[] inputs, Action<long> bytesRead, CancellationToken drain) =>
        SourceRegistry.OpenFile(Spec(), inputs, Table(), bytesRead, drain);

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("Input/output error");
    }
}

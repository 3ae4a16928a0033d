using Sluice.Diagnostics;
using Sluice.Runs;

namespace Sluice.Tests.Runs;

public sealed class RejectCounterTests
{
    [Fact]
    public void On_error_stop_stops_at_the_first()
    {
        var counter = new RejectCounter(true, null, null, () => 1);
        var stop = Assert.Throws<LoadStoppedException>(() => counter.Add("why", "f.csv:7"));
        Assert.Contains("f.csv:7", stop.Message, StringComparison.Ordinal);
        Assert.Equal("f.csv:7", stop.Place);
    }

    [Fact]
    public void As_many_as_max_errors_are_taken_and_one_more_stops()
    {
        var counter = new RejectCounter(false, 2, null, () => 100);
        counter.Add("a", "f:1");
        counter.Add("a", "f:2");
        counter.ThrowIfStopped();
        Assert.Throws<LoadStoppedException>(() => counter.Add("a", "f:3"));
        Assert.Throws<LoadStoppedException>(counter.ThrowIfStopped);
    }

    [Fact]
    public void A_share_is_not_judged_on_few_records_but_at_the_end()
    {
        var read = 10L;
        var counter = new RejectCounter(false, null, 10, () => read);
        counter.Add("a", "f:1");
        counter.Add("a", "f:2");
        Assert.Throws<LoadStoppedException>(counter.CheckAtEnd);
        read = 1000;
        counter.CheckAtEnd();
        for (var i = 0; i < 98; i++)
        {
            counter.Add("a", "f:3");
        }

        Assert.Throws<LoadStoppedException>(() => counter.Add("a", "f:4"));
    }
}

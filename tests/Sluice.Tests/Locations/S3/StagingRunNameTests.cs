using Sluice.Locations.S3;

namespace Sluice.Tests.Locations.S3;

public sealed class StagingRunNameTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 21, 35, 0, TimeSpan.Zero);

    [Fact]
    public void It_says_when_where_and_in_which_process_a_run_began()
    {
        var name = StagingRunName.Create(Now.ToOffset(TimeSpan.FromHours(2)), "machine", 4711);
        Assert.Matches("^20261122T213500Z-[0-9a-f]{8}-4711-[0-9a-f]{8}$", name.ToString());
        Assert.Equal(name, StagingRunName.TryParse(name.ToString()));
        Assert.NotEqual(name.ToString(), StagingRunName.Create(Now, "machine", 4711).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("mine")]
    [InlineData("20261122T213500Z")]
    [InlineData("20261122T213500Z-01234567-1")]
    [InlineData("20261322T213500Z-01234567-1-01234567")]
    [InlineData("20261122T213500Z-0123456-1-01234567")]
    [InlineData("20261122T213500Z-01234567-x-01234567")]
    [InlineData("20261122T213500Z-01234567-99999999999-01234567")]
    [InlineData("20261122T213500Z-01234567-1-01234567-")]
    public void What_is_no_runs_name_is_left_alone(string name) => Assert.Null(StagingRunName.TryParse(name));

    [Fact]
    public void On_the_same_machine_a_run_is_an_orphan_when_its_process_is_gone()
    {
        var self = StagingRunName.Create(Now, "machine", 1);
        var other = StagingRunName.Create(Now.AddSeconds(-1), "machine", 2);
        Assert.True(other.IsOrphan(self, (process, began) => process != 2 || began != other.Began));
        Assert.False(other.IsOrphan(self, (process, began) => process == 2 && began == other.Began));
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(25, true)]
    public void On_another_machine_a_run_is_an_orphan_after_a_day(int hours, bool isOrphan)
    {
        var self = StagingRunName.Create(Now, "machine", 1);
        Assert.Equal(isOrphan, StagingRunName.Create(Now.AddHours(-hours), "other", 1).IsOrphan(self, (_, _) => false));
    }

    [Fact]
    public void A_run_is_never_an_orphan_to_itself()
    {
        var self = StagingRunName.Create(Now, "machine", 1);
        Assert.False(self.IsOrphan(self, (_, _) => false));
    }
}

using Sluice.Postgres;

namespace Sluice.Tests.Postgres;

public sealed class ServerInfoTests
{
    [Theory]
    [InlineData("UTC", 0)]
    [InlineData("Etc/UTC", 0)]
    [InlineData("GMT", 0)]
    [InlineData("Etc/GMT+5", -300)]
    [InlineData("Etc/GMT-14", 840)]
    [InlineData("<+02>-02", 120)]
    [InlineData("<+05:30>-05:30", 330)]
    [InlineData("<-03>+03", -180)]
    public void A_fixed_zone_has_its_offset(string zone, int minutes) => Assert.Equal(TimeSpan.FromMinutes(minutes), ServerInfo.FixedOffset(zone));

    [Theory]
    [InlineData("Europe/London")]
    [InlineData("Africa/Abidjan")]
    [InlineData("EST5EDT")]
    [InlineData("<+02>-02<+03>")]
    [InlineData("Etc/GMT+5x")]
    [InlineData("localtime")]
    [InlineData("")]
    public void A_zone_with_rules_has_none(string zone) => Assert.Null(ServerInfo.FixedOffset(zone));
}

using System.Collections.Frozen;
using System.Text;

namespace RedshiftLocal.Copy.Values;

/// <summary>Names of time zones and days of the week in values.</summary>
internal static class Zones
{
    private static readonly FrozenDictionary<string, int> MinutesEast = new (string Name, int Minutes)[]
    {
        ("Z", 0), ("UTC", 0), ("GMT", 0), ("UT", 0), ("WET", 0), ("WEST", 60), ("BST", 60), ("CET", 60), ("CEST", 120),
        ("EET", 120), ("EEST", 180), ("MSK", 180), ("JST", 540), ("KST", 540), ("EST", -300), ("EDT", -240), ("CST", -360),
        ("CDT", -300), ("MST", -420), ("MDT", -360), ("PST", -480), ("PDT", -420), ("AKST", -540), ("AKDT", -480),
        ("HST", -600),
    }.ToFrozenDictionary(zone => zone.Name, zone => zone.Minutes, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Days = new[]
    {
        "mon", "tue", "wed", "thu", "fri", "sat", "sun",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsDayName(ReadOnlySpan<byte> word) => Days.Contains(Encoding.ASCII.GetString(word));

    /// <summary>Seconds east of Greenwich of an abbreviation, or of a region at that local time.</summary>
    public static bool TryOffset(ReadOnlySpan<byte> zone, in DateTimeParts local, out int seconds)
    {
        var name = Encoding.ASCII.GetString(zone);
        if (MinutesEast.TryGetValue(name, out var minutes))
        {
            seconds = minutes * 60;
            return true;
        }

        seconds = 0;
        if (!name.Contains('/', StringComparison.Ordinal) || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out var region)
            || local.Year is < 1 or > 9998 || !local.TryDay(out _) || !local.TryTime(out var time))
        {
            return false;
        }

        var at = new DateTime(local.Year, local.Month, local.Day, 0, 0, 0, DateTimeKind.Unspecified).AddTicks(time * 10);
        seconds = (int)region.GetUtcOffset(at).TotalSeconds;
        return true;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Locations.S3;

/// <summary>
/// The name of a run's folder: <c>20261122T213500Z-1f3a90c2-4711-8d3e5a7b</c> is when it began, on which machine (a hash of its name), in which
/// process, and something random. So a later run on the machine can tell whether that process still lives.
/// </summary>
internal sealed record StagingRunName(DateTimeOffset Began, string Machine, int Process, string Random)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    public static StagingRunName Create(DateTimeOffset now, string machineName, int process) => new(
        now.ToUniversalTime(),
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(machineName)).AsSpan(0, 4)),
        process,
        RandomNumberGenerator.GetHexString(8, lowercase: true));

    /// <summary>Reads a folder's name without slashes; null: it is no run's.</summary>
    public static StagingRunName? TryParse(string name)
    {
        var words = name.Split('-');
        return words is [var began, { Length: 8 } machine, var process, { Length: 8 } random]
            && DateTimeOffset.TryParseExact(began, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new StagingRunName(time, machine, id, random)
            : null;
    }

    /// <summary>Whether its files were left behind: its process is gone, or, on another machine, it began more than a day ago.</summary>
    /// <param name="self">The run that asks.</param>
    /// <param name="isAlive">Whether a process of this machine lives that began before the given time.</param>
    public bool IsOrphan(StagingRunName self, Func<int, DateTimeOffset, bool> isAlive) =>
        this != self && (Machine == self.Machine ? !isAlive(Process, Began) : self.Began - Began > TimeSpan.FromDays(1));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Began.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{Machine}-{Process}-{Random}");
}

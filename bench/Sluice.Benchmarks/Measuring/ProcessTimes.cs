using System.Globalization;
using System.Runtime.InteropServices;

namespace Sluice.Benchmarks.Measuring;

/// <summary>Reads processor time and memory of processes from Linux's /proc.</summary>
public static class ProcessTimes
{
    private const int RusageChildren = -1;
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux architecture .NET runs on

    /// <summary>User and system time of all children of this process that have ended, in seconds.</summary>
    public static double EndedChildren()
    {
        _ = getrusage(RusageChildren, out var usage);
        return usage.UserSeconds + (usage.UserMicroseconds / 1e6) + usage.SystemSeconds + (usage.SystemMicroseconds / 1e6);
    }

    /// <summary>Time of a process, its living descendants, and those it has waited for, in seconds.</summary>
    public static double Tree(int root)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Stat).OfType<ProcessStat>().ToDictionary(stat => stat.Id);
        if (!all.TryGetValue(root, out var top))
        {
            return 0;
        }

        var living = all.Values.Where(stat => stat.Id != root && IsBelow(stat, root, all)).Sum(stat => stat.Own + stat.Ended);
        return (top.Own + top.Ended + living) / TicksPerSecond;
    }

    /// <summary>The largest resident set of a living process so far, in bytes; 0 when it has gone.</summary>
    public static long Peak(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The same of a living process and all that it started and that live, together.</summary>
    public static long PeakOfAll(int id)
    {
        try
        {
            return Peak(id) + File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Sum(child => PeakOfAll(int.Parse(child, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static bool IsBelow(ProcessStat stat, int root, Dictionary<int, ProcessStat> all)
    {
        while (stat.Parent != root)
        {
            if (!all.TryGetValue(stat.Parent, out var parent))
            {
                return false;
            }

            stat = parent;
        }

        return true;
    }

    private static ProcessStat? Stat(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), out var id))
        {
            return null;
        }

        try
        {
            // The name in parentheses may hold anything; the fields after it are plain.
            var text = File.ReadAllText(folder + "/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            long Ticks(int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture);
            return new ProcessStat(id, (int)Ticks(4), Ticks(14) + Ticks(15), Ticks(16) + Ticks(17));
        }
        catch (IOException)
        {
            return null;
        }
    }

    [DllImport("libc")]
    private static extern int getrusage(int who, out ResourceUsage usage);

    private sealed record ProcessStat(int Id, int Parent, long Own, long Ended);

    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>Time of which twenty seconds (or as many as are given) pass in one: patience ends sooner.</summary>
internal sealed class HurriedTime(int factor = 20) : TimeProvider
{
    private readonly long _start = System.GetTimestamp();

    public override long GetTimestamp() => _start + ((System.GetTimestamp() - _start) * factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / factor : dueTime, period > TimeSpan.Zero ? period / factor : period);
}

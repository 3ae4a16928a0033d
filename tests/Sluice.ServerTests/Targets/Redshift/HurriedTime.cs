namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>Time of which twenty seconds pass in one: patience ends sooner.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private const int Factor = 20;

    private readonly long _start = System.GetTimestamp();

    public override long GetTimestamp() => _start + ((System.GetTimestamp() - _start) * Factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Factor : dueTime, period > TimeSpan.Zero ? period / Factor : period);
}

namespace Sluice.Benchmarks.Data;

/// <summary>xorshift64*: the same numbers on every machine and runtime for the same seed.</summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed == 0 ? 0x9E3779B97F4A7C15 : seed;

    /// <summary>What it was made from: another one made from it gives the same numbers.</summary>
    public ulong Seed { get; } = seed;

    public ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)BigMul(Next(), (ulong)bound);

    /// <summary>True once in <paramref name="n"/> calls, on average.</summary>
    public bool OneIn(int n) => Below(n) == 0;

    private static ulong BigMul(ulong left, ulong right) => (ulong)(((UInt128)left * right) >> 64);
}

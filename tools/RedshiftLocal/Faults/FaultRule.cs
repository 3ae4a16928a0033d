using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace RedshiftLocal.Faults;

/// <summary>
/// One fault as it is ordered in a file or over HTTP: where (point, contains, regex), when (nth, or every, at most count
/// times; with none of them each time) and what (kind and its values).
/// </summary>
public sealed record FaultRule
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(1);

    public required FaultPoint Point { get; init; }

    /// <summary>Text that the subject must hold, in any case.</summary>
    public string? Contains { get; init; }

    /// <summary>A .NET regular expression that the subject must match, in any case.</summary>
    public string? Regex { get; init; }

    /// <summary>Only this matching passage, counted from 1.</summary>
    public int? Nth { get; init; }

    /// <summary>Each passage whose number this divides.</summary>
    public int? Every { get; init; }

    /// <summary>No more than this many times.</summary>
    public int? Count { get; init; }

    public required FaultKind Kind { get; init; }

    /// <summary>Milliseconds to wait; for other kinds than delay, before the fault.</summary>
    public int DelayMs { get; init; }

    /// <summary>SQLSTATE or S3 error code.</summary>
    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>Bytes of the body to send before the connection is closed.</summary>
    public long? Bytes { get; init; }

    /// <summary>What is wrong with the order, or null.</summary>
    [JsonIgnore]
    public string? Problem => this switch
    {
        { Nth: < 1 } or { Every: < 1 } or { Count: < 1 } => "nth, every and count start at 1",
        { Nth: not null, Every: not null } => "nth and every exclude each other",
        { DelayMs: < 0 } => "delayMs must not be negative",
        { Kind: FaultKind.Delay, DelayMs: 0 } => "a delay needs delayMs",
        { Kind: FaultKind.Error, Code: null or "" } => "an error needs a code: an SQLSTATE, or an S3 error code such as SlowDown",
        { Kind: FaultKind.Truncate, Bytes: null or < 0 } => "truncate needs bytes, 0 or more",
        { Kind: FaultKind.Truncate or FaultKind.WrongChecksum, Point: not FaultPoint.StoreRequest } =>
            "truncate and wrongChecksum exist at the point storeRequest only",
        { Regex: { } pattern } when !IsRegex(pattern) => $"'{pattern}' is not a regular expression",
        _ => null,
    };

    internal bool Matches(FaultPoint point, string subject) =>
        point == Point
        && (Contains is null || subject.Contains(Contains, StringComparison.OrdinalIgnoreCase))
        && (Regex is null || MatchesRegex(subject));

    /// <summary>Is it due at this passage (from 1), after so many times?</summary>
    internal bool IsDue(long passage, long fired) =>
        (Nth is null || passage == Nth) && (Every is null || passage % Every == 0) && (Count is null || fired < Count);

    internal Fault ToFault() =>
        new(Kind) { Delay = TimeSpan.FromMilliseconds(DelayMs), Code = Code, Message = Message, Bytes = Bytes ?? 0 };

    private static bool IsRegex(string pattern)
    {
        try
        {
            _ = System.Text.RegularExpressions.Regex.IsMatch("", pattern, RegexOptions.None, RegexTimeout);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private bool MatchesRegex(string subject)
    {
        const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline;
        try
        {
            return System.Text.RegularExpressions.Regex.IsMatch(subject, Regex!, Options, RegexTimeout);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}

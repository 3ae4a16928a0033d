using System.Collections.Immutable;

namespace Sluice.Commands;

/// <summary>The WITH options that every LOAD shares. Null means: not written, the plan chooses.</summary>
public sealed record LoadOptions
{
    public bool OnErrorStop { get; init; }

    public int? Workers { get; init; }

    public int? Concurrency { get; init; }

    /// <summary>Rows a batch may hold; default 100,000.</summary>
    public int? BatchRows { get; init; }

    /// <summary>Bytes a batch may hold; default 4 MiB.</summary>
    public long? BatchBytes { get; init; }

    public long? PrefetchRows { get; init; }

    public int? MaxParallelCreateIndex { get; init; }

    public bool Truncate { get; init; }

    public bool DisableTriggers { get; init; }

    public bool DropIndexes { get; init; }

    /// <summary>Truncate, before and after SQL and all rows in one transaction over one writer.</summary>
    public bool SingleTransaction { get; init; }

    /// <summary>Stop when more rows than this are rejected; null: no limit.</summary>
    public long? MaxErrors { get; init; }

    /// <summary>Stop when more than this share of the rows read is rejected, 0 to 100; judged from 1,000 rows on and at the end.</summary>
    public double? MaxErrorsPercent { get; init; }

    /// <summary>The longest record in bytes that is loaded; default 64 MB.</summary>
    public long MaxRowBytes { get; init; } = 64L << 20;

    public IdentifierCase IdentifierCase { get; init; }

    /// <summary>Options that only the target understands; what kind it is shows once it is connected.</summary>
    public ImmutableArray<TargetOption> TargetOptions { get; init; } = [];
}

/// <summary>What happens to the case of names.</summary>
public enum IdentifierCase
{
    Downcase,
    Quote,
    SnakeCase,
}

using System.Collections.Immutable;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Unload.Commands;

/// <summary>An UNLOAD as written, its options checked against each other but not against the query's columns.</summary>
public sealed record UnloadCommand
{
    public required S3Location Target { get; init; }

    public required CopyAuthorization Authorization { get; init; }

    public UnloadFormat Format { get; init; }

    public byte Delimiter { get; init; } = (byte)'|';

    public bool Header { get; init; }

    public bool AddQuotes { get; init; }

    public bool Escape { get; init; }

    /// <summary>What stands for NULL, or null: nothing, or blanks in fixed-width files.</summary>
    public ReadOnlyMemory<byte>? NullMarker { get; init; }

    /// <summary>The widths of fixed-width columns.</summary>
    public ImmutableArray<int> Widths { get; init; } = [];

    public CopyCompression Compression { get; init; }

    public bool Parallel { get; init; } = true;

    /// <summary>No file is larger, but for a single row that is.</summary>
    public long LargestFile { get; init; } = UnloadOptionReader.LargestFileSize;

    public bool AllowOverwrite { get; init; }

    public bool CleanPath { get; init; }

    public bool Manifest { get; init; }

    public bool Verbose { get; init; }

    /// <summary>The columns of PARTITION BY; empty without it.</summary>
    public ImmutableArray<string> PartitionBy { get; init; } = [];

    /// <summary>INCLUDE: they stay in the files.</summary>
    public bool IncludePartitions { get; init; }

    public string? Region { get; init; }

    /// <summary>What names end with instead of the compression's own extension.</summary>
    public string? Extension { get; init; }

    /// <summary>The key of KMS_KEY_ID.</summary>
    public string? KmsKey { get; init; }

    /// <summary>The prefix of all names; with PARTITION BY it ends with a slash.</summary>
    public string Prefix => PartitionBy.IsEmpty || Target.Key.Length == 0 || Target.Key.EndsWith('/') ? Target.Key : Target.Key + "/";
}

public enum UnloadFormat
{
    Delimited,
    Csv,
    FixedWidth,
    Json,
}

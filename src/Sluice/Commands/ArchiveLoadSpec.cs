using System.Collections.Immutable;

namespace Sluice.Commands;

/// <summary>LOAD ARCHIVE: files that are loaded out of one archive. Their names are relative to where it is unpacked.</summary>
public sealed record ArchiveLoadSpec : LoadSpec
{
    public required FileLocation Location { get; init; }

    public required ImmutableArray<FileLoadSpec> Parts { get; init; }

    public ImmutableArray<SqlPart> Finally { get; init; } = [];
}

using System.Collections.Immutable;
using Sluice.Commands;

namespace Sluice.Sources.CopyText;

/// <summary>What a source of COPY files reads.</summary>
public sealed record CopyTextSettings : TextSourceSettings
{
    public required CopyOptions Options { get; init; }

    internal override ImmutableArray<NullIf> NullIf => [];

    internal override string? DateFormat => null;

    internal override bool IsStrict => Options.StrictFields;
}

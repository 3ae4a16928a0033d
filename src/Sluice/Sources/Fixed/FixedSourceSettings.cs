using System.Collections.Immutable;
using Sluice.Commands;

namespace Sluice.Sources.Fixed;

/// <summary>What a source of fixed-width files reads.</summary>
public sealed record FixedSourceSettings : TextSourceSettings
{
    public required FixedOptions Options { get; init; }

    internal override ImmutableArray<NullIf> NullIf => Options.NullIf;

    internal override string? DateFormat => Options.DateFormat;

    internal override bool IsStrict => Options.StrictFields;
}

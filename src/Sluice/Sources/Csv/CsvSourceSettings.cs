using System.Collections.Immutable;
using Sluice.Commands;

namespace Sluice.Sources.Csv;

/// <summary>What a CSV source reads.</summary>
public sealed record CsvSourceSettings : TextSourceSettings
{
    public required CsvOptions Options { get; init; }

    internal override ImmutableArray<NullIf> NullIf => Options.NullIf;

    internal override string? DateFormat => Options.DateFormat;

    internal override bool IsStrict => Options.StrictFields;
}

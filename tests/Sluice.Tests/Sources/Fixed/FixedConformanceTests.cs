using Sluice.Commands;

namespace Sluice.Tests.Sources.Fixed;

public sealed class FixedConformanceTests : SourceConformance
{
    protected override LoadKinds Kind => LoadKinds.Fixed;

    protected override string Command => "LOAD FIXED FROM x.txt (a from 0 for 2, b 0x2 for 3) INTO postgresql:///db?t";

    protected override byte[] Data => [.. "1 xyz\n"u8, (byte)'2', (byte)' ', 0xFF, (byte)'\n', .. "\n4 é\n"u8];

    protected override int Skipped => 0;
}

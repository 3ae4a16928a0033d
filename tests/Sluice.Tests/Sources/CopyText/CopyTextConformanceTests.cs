using Sluice.Commands;

namespace Sluice.Tests.Sources.CopyText;

public sealed class CopyTextConformanceTests : SourceConformance
{
    protected override LoadKinds Kind => LoadKinds.Copy;

    protected override string Command => "LOAD COPY FROM x.copy INTO postgresql:///db?t";

    protected override byte[] Data => "1\tx\n2\t\\.\n3\ty\\nz\n4\té\n\\.\n\n"u8.ToArray();
}

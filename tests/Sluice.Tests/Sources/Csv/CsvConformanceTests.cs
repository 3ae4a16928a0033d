using Sluice.Commands;

namespace Sluice.Tests.Sources.Csv;

public sealed class CsvConformanceTests : SourceConformance
{
    protected override LoadKinds Kind => LoadKinds.Csv;

    protected override string Command => "LOAD CSV FROM x.csv INTO postgresql:///db?t WITH fields terminated by ','";

    protected override byte[] Data => "1,x\n\n2,\"y\nz\"\n3,\"a\"b\n4,é\n"u8.ToArray();
}

using Sluice.Locations.S3;
using Sluice.Targets.Redshift;

namespace Sluice.Tests.Locations.S3;

public sealed class StagingContentTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 37).Select(i => (byte)i)];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 100)]
    [InlineData(16, 7)]
    [InlineData(31, 16)]
    [InlineData(37, 5)]
    public void Blocks_are_read_as_one_from_any_position(int position, int atOnce)
    {
        using var content = Blocks(16);
        content.Position = position;
        var read = new List<byte>();
        var buffer = new byte[atOnce];
        for (var length = content.Read(buffer); length > 0; length = content.Read(buffer))
        {
            read.AddRange(buffer[..length]);
        }

        Assert.Equal(Bytes[position..], read);
        Assert.Equal((37, 37), (content.Length, content.Position));
    }

    [Fact]
    public void The_checksum_does_not_depend_on_the_blocks() => Assert.Equal(Blocks(37).Checksum(), Blocks(16).Checksum());

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 4)]
    [InlineData(6, 3)]
    [InlineData(16, 4)]
    [InlineData(7, 4)]
    public void Files_side_by_side_divide_the_slices_where_they_can(int slices, int files) => Assert.Equal(files, RedshiftOpenParts.SideBySide(slices));

    private static StagingContent Blocks(int bytes) => new([.. Bytes.Chunk(bytes).Select(block => (ReadOnlyMemory<byte>)block)]);
}

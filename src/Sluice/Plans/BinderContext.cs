using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Plans;

/// <summary>What a command's meaning depends on besides its words.</summary>
internal sealed record BinderContext
{
    public required SourceText Text { get; init; }

    /// <summary>Absolute; relative names are resolved against it.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>The command's own file, for data that follows the command; null when there is none.</summary>
    public string? CommandPath { get; init; }

    /// <summary>The byte offset in the command's file of a character of its text.</summary>
    public Func<int, long> ByteOffset { get; init; } = offset => offset;

    /// <summary>Gives the text of a file; throws what <see cref="File.ReadAllText(string)"/> throws.</summary>
    public Func<string, string> ReadFile { get; init; } = FileFault.ReadUtf8;

    /// <summary>True for the commands inside LOAD ARCHIVE: their files are found where it is unpacked.</summary>
    public bool IsInArchive { get; init; }
}

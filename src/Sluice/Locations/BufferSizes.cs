namespace Sluice.Locations;

/// <summary>Buffer sizes of readers. Tiny in Debug builds, so that every test crosses every boundary.</summary>
internal static class BufferSizes
{
#if DEBUG
    /// <summary>Bytes a read buffer starts with.</summary>
    public const int Read = 64;

    /// <summary>Source bytes that are transcoded at a time.</summary>
    public const int Transcode = 48;

    /// <summary>Bytes looked at to guess a format; a whole record is always looked at.</summary>
    public const int Sample = 16 << 10;
#else
    /// <summary>Bytes a read buffer starts with.</summary>
    public const int Read = 256 << 10;

    /// <summary>Source bytes that are transcoded at a time.</summary>
    public const int Transcode = 64 << 10;

    /// <summary>Bytes looked at to guess a format; a whole record is always looked at.</summary>
    public const int Sample = 1 << 20;
#endif
}

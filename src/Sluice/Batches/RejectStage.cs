namespace Sluice.Batches;

/// <summary>What a rejected record failed in.</summary>
public enum RejectStage
{
    /// <summary>The record could not be split into fields.</summary>
    Parse,

    /// <summary>Bytes that are not valid in the source's encoding.</summary>
    Encoding,

    /// <summary>Too few or too many fields under <c>strict fields</c>, a missing field name.</summary>
    Project,

    /// <summary>A transform, date format or USING expression failed.</summary>
    Transform,

    /// <summary>The server refused the row.</summary>
    Server,
}

namespace Sluice.Locations.S3;

/// <summary>What is being done in the bucket, for messages.</summary>
internal enum StagingAction
{
    List,
    Put,
    Get,
    Delete,
}

namespace RedshiftLocal.Store;

/// <summary>What a key pair may do in a bucket.</summary>
[Flags]
public enum S3Rights
{
    None = 0,

    /// <summary>GET, HEAD and copying from.</summary>
    Read = 1,

    /// <summary>PUT, copying to, multipart uploads.</summary>
    Write = 2,

    /// <summary>Listing keys and uploads; without it a missing key is 403, not 404.</summary>
    List = 4,

    Delete = 8,

    /// <summary>Creating and deleting the bucket itself.</summary>
    Manage = 16,

    All = Read | Write | List | Delete | Manage,
}

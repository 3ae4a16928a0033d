namespace RedshiftLocal.Copy;

/// <summary>What the server's configuration says about COPY.</summary>
public sealed record CopyOptions
{
    /// <summary>Where the store answers, with path-style addresses, such as http://127.0.0.1:9000.</summary>
    public required Uri S3Endpoint { get; init; }

    /// <summary>The cluster's own region, used for signing where the COPY has no REGION.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>The number of slices the cluster claims to have; files are spread over them.</summary>
    public int Slices { get; init; } = 4;

    /// <summary>Files read and parsed at one time; never more than slices or files.</summary>
    public int Workers { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>STL views do not exist: messages name sys_load_error_detail.</summary>
    public bool Serverless { get; init; }

    /// <summary>Key pairs by the role's ARN.</summary>
    public IReadOnlyDictionary<string, S3Credentials> IamRoles { get; init; } = new Dictionary<string, S3Credentials>(StringComparer.Ordinal);

    /// <summary>The ARN that IAM_ROLE default stands for; null: the only role there is, if it is the only one.</summary>
    public string? DefaultIamRole { get; init; }

    public LineNumbering LineNumbers { get; init; }

    /// <summary>The account and cluster shown in the message about a role that may not be assumed.</summary>
    public string ClusterName { get; init; } = "redshift-local";

    /// <summary>How often a request answered by 503 or cut off is sent in all, and the wait before the second; each later wait is twice as long.</summary>
    public int S3Attempts { get; init; } = 5;

    public TimeSpan S3FirstWait { get; init; } = TimeSpan.FromMilliseconds(100);
}

/// <summary>What line_number of the error views counts. Public material does not say; a client is right only if it works with both.</summary>
public enum LineNumbering
{
    /// <summary>The line of the file at which the record starts; line breaks inside quotes count.</summary>
    Physical,

    /// <summary>The number of the record in its file.</summary>
    Records,
}

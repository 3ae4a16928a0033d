namespace RedshiftLocal.Sessions;

/// <summary>How clients prove their password, unless a user's password allows one way only.</summary>
public enum AuthenticationMethod
{
    /// <summary>Request 5.</summary>
    Md5,

    /// <summary>Request 3: in clear text.</summary>
    Password,

    /// <summary>Request 13, which libpq and Npgsql do not know.</summary>
    Sha256,
}

/// <summary>What a client that asks for GSS encryption is told; what Redshift does is not documented.</summary>
public enum GssAnswer
{
    /// <summary>The letter N.</summary>
    Refuse,

    /// <summary>An ErrorResponse.</summary>
    Error,

    /// <summary>The connection is closed.</summary>
    Close,
}

using System.Net;
using RedshiftLocal.Copy;
using RedshiftLocal.Sessions;

namespace RedshiftLocal;

/// <summary>Everything that can be said on the command line.</summary>
public sealed record RedshiftLocalOptions
{
    /// <summary>Holds all data: postgres/, s3/. Made when it is not there.</summary>
    public required string DataFolder { get; init; }

    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>0: any free port.</summary>
    public int Port { get; init; } = 5439;

    /// <summary>0: any free port.</summary>
    public int S3Port { get; init; } = 9000;

    /// <summary>The port of the endpoint that takes fault orders; null: none.</summary>
    public int? FaultPort { get; init; }

    public string Database { get; init; } = "dev";

    public string User { get; init; } = "awsuser";

    /// <summary>The master user's password; needed when the data folder is new, else null leaves it as it is.</summary>
    public string? Password { get; init; }

    public AuthenticationMethod Authentication { get; init; } = AuthenticationMethod.Md5;

    public string? TlsCertificateFile { get; init; }

    public string? TlsKeyFile { get; init; }

    /// <summary>Logins without TLS are refused.</summary>
    public bool RequireSsl { get; init; }

    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    public string? CredentialsFile { get; init; }

    /// <summary>NAME or NAME:REGION.</summary>
    public IReadOnlyList<string> Buckets { get; init; } = [];

    /// <summary>ARN=ACCESS_KEY.</summary>
    public IReadOnlyList<string> IamRoles { get; init; } = [];

    public int Slices { get; init; } = 4;

    /// <summary>STL and STV views do not exist.</summary>
    public bool Serverless { get; init; }

    /// <summary>enable_case_sensitive_identifier is on unless a session switches it off.</summary>
    public bool CaseSensitive { get; init; }

    public string? PostgresFolder { get; init; }

    public string? FaultsFile { get; init; }

    public int MaxConnections { get; init; } = 500;

    /// <summary>A session that sends nothing for so long is ended.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(4);

    /// <summary>The time a client has to complete a message it has begun.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The time a client has to log in.</summary>
    public TimeSpan StartupTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What line_number of COPY's error views counts.</summary>
    public LineNumbering LineNumbers { get; init; }

    public GssAnswer GssAnswer { get; init; } = GssAnswer.Refuse;
}

using System.Globalization;
using Sluice.Locations.S3;

namespace Sluice.Sources.Redshift;

/// <summary>
/// One UNLOAD, as delimited text: with ESCAPE every field ends where a reader thinks it does, and a marker of the run's own tells NULL from
/// any text. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
/// </summary>
internal sealed record UnloadStatement
{
    public const byte Delimiter = (byte)'|';

    /// <summary>Several files for each reader, each soon at its end.</summary>
    private const int FileMegabytes = 256;

    public required string Query { get; init; }

    /// <summary><c>s3://bucket/key/</c>: files and manifest are named after it.</summary>
    public required string Folder { get; init; }

    /// <summary>What stands for NULL: letters, digits and hyphens.</summary>
    public required string NullMarker { get; init; }

    public required Compression Compression { get; init; }

    /// <summary>The bucket's region, where it is not known to be the cluster's.</summary>
    public string? Region { get; init; }

    public string? KmsKey { get; init; }

    /// <summary>The text with <paramref name="authorization"/> in the place of its clause.</summary>
    public string Text(string authorization) => string.Join(' ', new[]
    {
        $"UNLOAD ({RedshiftSql.Literal(Query)}) TO {RedshiftSql.Literal(Folder)}",
        authorization,
        $"MANIFEST VERBOSE DELIMITER '{(char)Delimiter}'",
        KmsKey is null ? null : $"KMS_KEY_ID {RedshiftSql.Literal(KmsKey)} ENCRYPTED",
        Compression switch
        {
            Compression.Gzip => "GZIP",
            Compression.Zstd => "ZSTD",
            _ => null,
        },
        $"NULL AS {RedshiftSql.Literal(NullMarker)} ESCAPE",
        string.Create(CultureInfo.InvariantCulture, $"MAXFILESIZE {FileMegabytes} MB"),
        Region is null ? null : $"REGION {RedshiftSql.Literal(Region)}",
    }.OfType<string>());
}

using System.Collections.Immutable;
using System.Globalization;
using Sluice.Catalog;
using Sluice.Locations.S3;

namespace Sluice.Targets.Redshift;

/// <summary>One COPY. https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html</summary>
internal sealed record RedshiftCopyStatement
{
    /// <summary>COPY ends at this many bad rows; the rows before it are let go.</summary>
    public const int MostErrors = 100_000;

    public required QualifiedName Table { get; init; }

    /// <summary>Empty: all of the table's, in its order.</summary>
    public required ImmutableArray<string> Columns { get; init; }

    /// <summary><c>s3://bucket/key</c> of a manifest or of one file.</summary>
    public required string Source { get; init; }

    public bool IsManifest { get; init; }

    /// <summary>pgloader's form: no more than it writes.</summary>
    public bool IsPlain { get; init; }

    public Compression Compression { get; init; }

    /// <summary>What stands for NULL; null: no NULL is there.</summary>
    public string? NullMarker { get; init; }

    public bool ExplicitIds { get; init; }

    /// <summary>Only the table's owner may switch the refresh of statistics off.</summary>
    public bool IsOwner { get; init; }

    /// <summary>Bad rows are left out and told of.</summary>
    public bool LeavesOutErrors { get; init; }

    /// <summary>The bucket's region, where it is not the cluster's or not known to be.</summary>
    public string? Region { get; init; }

    /// <summary>The text for the server alone: it may hold keys.</summary>
    public string Sql(CopyAuthorization authorization) => Text(authorization.Sql);

    /// <summary>The text for people.</summary>
    public string Redacted(CopyAuthorization authorization) => Text(authorization.ToString());

    /// <summary>The text with <paramref name="authorization"/> in the place of the clause.</summary>
    public string Text(string authorization)
    {
        var columns = Columns.IsEmpty ? "" : $" ({RedshiftSql.Columns(Columns)})";
        var format = IsPlain
            ? "FORMAT CSV TIMEFORMAT 'auto'"
            : "FORMAT AS CSV DATEFORMAT 'auto' TIMEFORMAT 'auto' ROUNDEC COMPUPDATE OFF" + (IsOwner ? " STATUPDATE OFF" : "");
        var parts = new List<string> { $"COPY {Identifier.Quote(Table)}{columns} FROM {RedshiftSql.Literal(Source)}" };
        if (!IsPlain)
        {
            parts.Add(authorization);
        }

        AddIf(IsManifest, "MANIFEST");
        parts.Add(format);
        AddIf(Compression == Compression.Gzip, "GZIP");
        AddIf(Compression == Compression.Zstd, "ZSTD");
        AddIf(ExplicitIds, "EXPLICIT_IDS");
        AddIf(NullMarker is not null, $"NULL AS {RedshiftSql.Literal(NullMarker ?? "")}");
        AddIf(LeavesOutErrors, string.Create(CultureInfo.InvariantCulture, $"MAXERROR {MostErrors}"));
        AddIf(Region is not null, $"REGION {RedshiftSql.Literal(Region ?? "")}");
        AddIf(IsPlain, authorization);
        return string.Join(' ', parts);

        void AddIf(bool isWanted, string part)
        {
            if (isWanted)
            {
                parts.Add(part);
            }
        }
    }
}

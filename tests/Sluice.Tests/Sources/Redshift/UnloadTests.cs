using System.Collections.Immutable;
using System.Text;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Diagnostics;
using Sluice.Locations.S3;
using Sluice.Sources;
using Sluice.Sources.Redshift;

namespace Sluice.Tests.Sources.Redshift;

/// <summary>The statement of an UNLOAD, the query in it, and what its manifest says.</summary>
public sealed class UnloadTests
{
    private static readonly RedshiftTable Table = new()
    {
        Name = new("s", "t'\\\"x"),
        Types = new Dictionary<string, string> { ["i"] = "integer", ["r"] = "real", ["s"] = "super", ["v'"] = "character varying(9)" }
            .ToImmutableDictionary(pair => pair.Key, pair => RedshiftType.Parse(pair.Value)),
    };

    [Fact]
    public void A_statement_quotes_its_query_twice_and_names_everything() => Assert.Equal(
        "UNLOAD ('SELECT \"v''\" FROM \"s\".\"t''\\\\\"\"x\"') TO 's3://b/p/' IAM_ROLE default MANIFEST VERBOSE DELIMITER '|' KMS_KEY_ID 'k' ENCRYPTED ZSTD NULL AS 'm' ESCAPE MAXFILESIZE 256 MB REGION 'eu-west-1'",
        new UnloadStatement
        {
            Query = RedshiftQuery.Unload(Table, [Column("v'")]),
            Folder = "s3://b/p/",
            NullMarker = "m",
            Compression = Compression.Zstd,
            Region = "eu-west-1",
            KmsKey = "k",
        }.Text("IAM_ROLE default"));

    [Fact]
    public void A_query_asks_for_columns_as_they_are_but_for_those_that_would_lose_something()
    {
        ImmutableArray<ReadColumn> columns = [Column("i"), Column("r") with { Type = BinaryType.Float4 }, Column("s")];
        Assert.Equal("SELECT \"i\", CAST(\"r\" AS double precision), \"s\" FROM \"s\".\"t'\\\"\"x\"", RedshiftQuery.Select(Table, columns));
        Assert.Equal("SELECT \"i\", CAST(\"r\" AS double precision), json_serialize(\"s\") FROM \"s\".\"t'\\\"\"x\"", RedshiftQuery.Unload(Table, columns));
    }

    [Theory]
    [InlineData(BinaryType.Text, false)]
    [InlineData(BinaryType.Float8, false)]
    [InlineData(BinaryType.Float4, true)]
    public void A_real_keeps_its_digits_where_it_becomes_something_else(BinaryType target, bool hasTransform)
    {
        Transform same = (_, _) => FieldResult.Unchanged;
        var column = new ReadColumn("r", "r", ReadColumnKind.Text, hasTransform ? _ => same : null) { Type = target };
        Assert.StartsWith("SELECT \"r\" FROM", RedshiftQuery.Select(Table, [column]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_without_columns_still_has_rows() => Assert.StartsWith("SELECT 1 FROM", RedshiftQuery.Select(Table, []), StringComparison.Ordinal);

    [Fact]
    public void A_manifest_names_files_with_their_rows()
    {
        var manifest = Parse("""{"entries": [{"url": "s3://b/p/0000_part_00.gz", "meta": {"content_length": 7, "record_count": 3}}, {"url": "s3://b/p/1", "meta": {"content_length": 0, "record_count": 0}}], "meta": {"content_length": 7, "record_count": 3}, "author": {}}""");
        Assert.Equal(3, manifest.Rows);
        Assert.Equal([new UnloadedFile("s3://b/p/0000_part_00.gz", 7, 3), new UnloadedFile("s3://b/p/1", 0, 0)], manifest.Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"entries\": []}")]
    [InlineData("""{"entries": [{"url": "s3://b/1"}], "meta": {"record_count": 0}}""")]
    [InlineData("""{"entries": [{"url": null, "meta": {"content_length": 7, "record_count": 3}}], "meta": {"record_count": 3}}""")]
    [InlineData("""{"entries": [{"url": "s3://b/1", "meta": {"content_length": 7, "record_count": 3}}], "meta": {"record_count": 4}}""")]
    [InlineData("""{"entries": [{"url": "s3://b/1", "meta": {"content_length": -7, "record_count": 3}}], "meta": {"record_count": 3}}""")]
    [InlineData("""{"entries": [{"url": "s3://b/1", "meta": {"content_length": 7, "record_co""")]
    public void A_manifest_that_is_not_whole_is_refused(string text)
    {
        var fault = Assert.Throws<SourceException>(() => Parse(text));
        Assert.StartsWith("The manifest s3://b/manifest cannot be used: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal("WITH no unload reads the tables without S3", fault.Hint);
    }

    private static UnloadManifest Parse(string text) => UnloadManifest.Parse(Encoding.UTF8.GetBytes(text), "s3://b/manifest");

    private static ReadColumn Column(string name) => new(name, name, ReadColumnKind.Text, null);
}

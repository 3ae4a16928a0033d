using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Locations.S3;
using Sluice.Targets.Redshift;

namespace Sluice.Tests.Targets.Redshift;

public sealed class RedshiftStatementTests
{
    private static readonly CopyAuthorization Keys = CopyAuthorization.OfKeys("AKIA1", "s3cr/et", "t0ken");

    [Fact]
    public void One_COPY_loads_all_files_of_a_manifest() => Assert.Equal(
        "COPY \"s\".\"t\" (\"a\", \"b\"\"c\") FROM 's3://b/p/manifest' IAM_ROLE 'arn:x' MANIFEST FORMAT AS CSV DATEFORMAT 'auto' TIMEFORMAT 'auto' ROUNDEC COMPUPDATE OFF "
        + "STATUPDATE OFF GZIP EXPLICIT_IDS NULL AS '~m' MAXERROR 100000 REGION 'eu-west-1'",
        (Statement with { IsManifest = true, ExplicitIds = true, NullMarker = "~m", IsOwner = true, LeavesOutErrors = true, Region = "eu-west-1" })
            .Sql(CopyAuthorization.OfRole("arn:x")));

    [Fact]
    public void Who_does_not_own_the_table_leaves_its_statistics_alone() =>
        Assert.DoesNotContain("STATUPDATE", Statement.Sql(Keys), StringComparison.Ordinal);

    [Fact]
    public void Pgloaders_form_has_no_more_than_pgloader_writes() => Assert.Equal(
        "COPY \"s\".\"t\" FROM 's3://b/p/1.csv' FORMAT CSV TIMEFORMAT 'auto' REGION 'us-east-1' ACCESS_KEY_ID 'AKIA1' SECRET_ACCESS_KEY 's3cr/et' SESSION_TOKEN 't0ken'",
        (Statement with { Columns = [], Source = "s3://b/p/1.csv", IsPlain = true, Compression = Compression.None, Region = "us-east-1" }).Sql(Keys));

    [Fact]
    public void Its_text_for_people_holds_no_key()
    {
        var shown = Statement.Redacted(Keys);
        Assert.Contains("ACCESS_KEY_ID … SECRET_ACCESS_KEY …", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it's", "'it''s'")]
    [InlineData("a\\b", "'a\\\\b'")]
    public void Literals_keep_backslashes(string value, string sql) => Assert.Equal(sql, RedshiftSql.Literal(value));

    [Theory]
    [InlineData("timezone", "Europe/Berlin", "SET timezone TO 'Europe/Berlin'")]
    [InlineData("search_path", "a, \"B c\" ,$user", "SET search_path TO \"a\", \"B c\", \"$user\"")]
    public void Parameters_are_set_by_plain_SET(string name, string value, string sql) => Assert.Equal(sql, RedshiftSession.Sql(new Setting(name, value)));

    [Theory]
    [InlineData("PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.71629", true)]
    [InlineData("PostgreSQL 15.20 (Debian 15.20-1) on x86_64-pc-linux-gnu", false)]
    public void A_server_says_what_it_is(string version, bool isRedshift) => Assert.Equal(isRedshift, RedshiftSession.Recognizes(version));

    private static RedshiftCopyStatement Statement { get; } = new()
    {
        Table = new QualifiedName("s", "t"),
        Columns = ["a", "b\"c"],
        Source = "s3://b/p/manifest",
    };
}

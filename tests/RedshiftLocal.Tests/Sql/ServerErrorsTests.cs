using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Tests.Sql;

public sealed class ServerErrorsTests
{
    // Messages of PostgreSQL 15 beside those of Redshift's users' reports
    [Theory]
    [InlineData("42P07", "relation \"t\" already exists", "42P07", "Relation \"t\" already exists")]
    [InlineData("42P01", "relation \"t\" does not exist", "42P01", "relation \"t\" does not exist")]
    [InlineData("42P01", "relation \"rs_catalog.pg_enum\" does not exist", "42P01", "relation \"pg_enum\" does not exist")]
    [InlineData("42P01", "relation \"rs_information_schema.x\" does not exist", "42P01", "relation \"information_schema.x\" does not exist")]
    [InlineData("23502", "null value in column \"c\" of relation \"t\" violates not-null constraint", "XX000", "Cannot insert a NULL value into column c")]
    [InlineData("22003", "numeric field overflow", "XX000", "Numeric data overflow (result precision)")]
    [InlineData("22003", "integer out of range", "22003", "integer out of range")]
    [InlineData("22001", "value too long for type character varying(3)", "22001", "value too long for type character varying(3)")]
    [InlineData("25P02", "current transaction is aborted, commands ignored until end of transaction block", "25P02", "current transaction is aborted, commands ignored until end of transaction block")]
    [InlineData("25P01", "DECLARE CURSOR can only be used in transaction blocks", "25P01", "DECLARE CURSOR may only be used in transaction blocks")]
    [InlineData("42703", "column \"x\" does not exist", "42703", "column \"x\" does not exist")]
    [InlineData("42501", "permission denied for table t", "42501", "permission denied for relation t")]
    [InlineData("42501", "permission denied for schema s", "42501", "permission denied for schema s")]
    [InlineData("42501", "permission denied for table pg_enum", "42P01", "relation \"pg_enum\" does not exist")]
    [InlineData("42501", "permission denied for schema rs_internal", "3F000", "schema \"rs_internal\" does not exist")]
    [InlineData("42883", "function rs_catalog.len(integer, integer) does not exist", "42883", "function len(integer, integer) does not exist")]
    [InlineData("428C9", "cannot insert a non-DEFAULT value into column \"a\"", "0A000", "cannot set an identity column to a value")]
    [InlineData("42710", "role \"u\" already exists", "42710", "user \"u\" already exists")]
    [InlineData("42704", "role \"u\" does not exist", "42704", "user \"u\" does not exist")]
    [InlineData("21000", "MERGE command cannot affect row a second time", "XX000", "Found multiple matches to update the same tuple.")]
    [InlineData("40001", "could not serialize access due to concurrent update", "XX000", "1023")]
    public void An_error_of_the_backing_server_is_put_in_Redshifts_words(string sqlState, string message, string expectedState, string expected)
    {
        var error = ServerErrors.Translate(new ServerError(sqlState, message), "select 1");

        Assert.Equal((expectedState, expected), (error.SqlState, error.Message));
    }

    [Fact]
    public void Details_of_a_row_with_a_null_are_not_shown()
    {
        var backing = new ServerError("23502", "null value in column \"c\" of relation \"t\" violates not-null constraint") { Detail = "Failing row contains (1, null)." };

        Assert.Null(ServerErrors.Translate(backing, "insert into t values (1, null)").Detail);
    }

    // r_DROP_TABLE, r_CREATE_TABLE_NEW
    [Theory]
    [InlineData("table \"t\" does not exist, skipping", "Table \"t\" does not exist and will be skipped")]
    [InlineData("schema \"s\" does not exist, skipping", "Schema \"s\" does not exist and will be skipped")]
    [InlineData("relation \"t\" already exists, skipping", "Relation \"t\" already exists and will be skipped")]
    [InlineData("something else", "something else")]
    public void A_notice_becomes_an_info_message(string backing, string expected)
    {
        var notice = ServerErrors.TranslateNotice(new Notice(backing) { Severity = "NOTICE", SqlState = "00000" });

        Assert.Equal(("INFO", expected), (notice.Severity, notice.Message));
    }

    [Fact]
    public void A_warning_stays_a_warning() =>
        Assert.Equal("WARNING", ServerErrors.TranslateNotice(new Notice("x") { Severity = "WARNING", SqlState = "25P01" }).Severity);
}

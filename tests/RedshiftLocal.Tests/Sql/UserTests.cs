namespace RedshiftLocal.Tests.Sql;

/// <summary>r_CREATE_USER, r_ALTER_USER</summary>
public sealed class UserTests
{
    [Fact]
    public void A_clear_password_reaches_the_backing_server_as_md5_of_password_and_name()
    {
        var forwarded = SqlText.Forward("CREATE USER slashpass WITH PASSWORD 'Abc12345' CREATEDB CONNECTION LIMIT 30 VALID UNTIL '2037-06-10'");

        Assert.Equal("CREATE ROLE \"slashpass\" LOGIN CREATEDB PASSWORD 'md5670a7b18112cf1f374f57890a4894b28' VALID UNTIL '2037-06-10' CONNECTION LIMIT 30", forwarded.Sql);
        Assert.DoesNotContain("Abc12345", forwarded.Sql + string.Concat(forwarded.After), StringComparison.Ordinal);
        Assert.Contains("\"method\":\"md5\",\"digest\":\"670a7b18112cf1f374f57890a4894b28\"", Assert.Single(forwarded.After), StringComparison.Ordinal);
    }

    [Fact]
    public void An_md5_string_is_taken_as_it_is()
    {
        var forwarded = SqlText.Forward("create user user1 password 'md5153c434b4b77c89e6b94f12c5393af5b'");

        Assert.Contains("PASSWORD 'md5153c434b4b77c89e6b94f12c5393af5b'", forwarded.Sql, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sha256_password_is_salted_and_kept_beside_the_backing_server()
    {
        var forwarded = SqlText.Forward("CREATE USER admin PASSWORD 'sha256|Mypassword1'");

        Assert.Equal("CREATE ROLE \"admin\" LOGIN PASSWORD NULL", forwarded.Sql);
        var definition = Assert.Single(forwarded.After);
        Assert.Matches("\"method\":\"sha256\",\"digest\":\"[0-9a-f]{64}\",\"salt\":\"[0-9a-f]{64}\"", definition);
        Assert.DoesNotContain("Mypassword1", definition, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sha256_digest_with_its_salt_is_taken_as_it_is()
    {
        var digest = new string('a', 64);
        var salt = new string('B', 64);

        var definition = Assert.Single(SqlText.Forward($"CREATE USER admin PASSWORD 'sha256|{digest}|{salt}'").After);

        Assert.Contains($"\"digest\":\"{digest}\",\"salt\":\"{salt.ToLowerInvariant()}\"", definition, StringComparison.Ordinal);
    }

    [Fact]
    public void Disable_takes_the_password_away()
    {
        var forwarded = SqlText.Forward("ALTER USER a PASSWORD DISABLE");

        Assert.Equal("ALTER ROLE \"a\" PASSWORD NULL", forwarded.Sql);
        Assert.Contains("\"method\":\"disabled\"", Assert.Single(forwarded.After), StringComparison.Ordinal);
    }

    [Fact]
    public void A_superuser_of_redshift_is_a_member_of_a_role()
    {
        var forwarded = SqlText.Forward("CREATE USER a PASSWORD DISABLE CREATEUSER IN GROUP g, h");

        Assert.Equal("CREATE ROLE \"a\" LOGIN CREATEROLE PASSWORD NULL", forwarded.Sql);
        Assert.Equal("GRANT rs_superuser TO \"a\"", forwarded.After[0]);
        Assert.Equal(["GRANT \"g\" TO \"a\"", "GRANT \"h\" TO \"a\""], forwarded.After[2..]);
    }

    [Theory]
    [InlineData("Secr3t")]
    [InlineData("secret123secret")]
    [InlineData("SECRET123SECRET")]
    [InlineData("SecretSecret")]
    [InlineData("Secret/123456")]
    [InlineData("Secret@123456")]
    [InlineData("Secret 123456")]
    [InlineData("sha256|secret")]
    public void A_weak_password_is_refused_and_not_repeated(string password)
    {
        var error = SqlText.Refuse($"CREATE USER a PASSWORD '{password}'").Error;

        Assert.StartsWith("password must be", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(password, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("CREATE USER a PASSWORD 'Secret123456' 'Secret123456'", "syntax error at or near \"'\"")]
    [InlineData("CREATE USER a WITH ENCRYPTED PASSWORD 'Secret123456'", "syntax error at or near \"ENCRYPTED\"")]
    [InlineData("CREATE USER a PASSWORD 'Secret123456", "unterminated quoted string at or near \"'\"")]
    [InlineData("CREATE USER a 'Secret123456' PASSWORD", "syntax error at or near \"'\"")]
    [InlineData("CREATE USER a", "syntax error at end of input")]
    [InlineData("CREATE USER a CREATEDB", "syntax error at end of input")]
    [InlineData("CREATE USER public PASSWORD DISABLE", "syntax error at or near \"public\"")]
    [InlineData("CREATE USER a PASSWORD DISABLE SUPERUSER", "syntax error at or near \"SUPERUSER\"")]
    [InlineData("CREATE USER a PASSWORD DISABLE SESSION TIMEOUT 5", "session timeout must be between 60 and 1728000 seconds")]
    [InlineData("ALTER USER a SET search_path TO b", "not covered by this stand-in: settings kept with a user")]
    [InlineData("CREATE USER a PASSWORD DISABLE EXTERNALID 'x'", "not covered by this stand-in: EXTERNALID")]
    [InlineData("GRANT SELECT ON t", "syntax error at end of input")]
    [InlineData("GRANT FLY ON t TO a", "syntax error at or near \"FLY\"")]
    [InlineData("GRANT EXECUTE ON FUNCTION f() TO a", "not covered by this stand-in: the privilege EXECUTE")]
    [InlineData("GRANT USAGE ON LANGUAGE sql TO a", "not covered by this stand-in: privileges on LANGUAGE")]
    public void What_a_user_cannot_have_is_refused_without_the_password(string sql, string message)
    {
        var error = SqlText.Refuse(sql).Error;

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Keys_of_copy_are_not_repeated_in_errors()
    {
        var error = SqlText.Refuse("COPY t 'SECRETKEY' FROM 's3://b/k'").Error;

        Assert.Equal("syntax error at or near \"'\"", error.Message);
    }
}

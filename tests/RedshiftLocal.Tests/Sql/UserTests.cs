using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Tests.Sql;

/// <summary>r_CREATE_USER, r_ALTER_USER</summary>
public sealed class UserTests
{
    [Fact]
    public void A_clear_password_reaches_the_backing_server_as_a_digest()
    {
        var forwarded = SqlText.Forward("CREATE USER slashpass WITH PASSWORD 'Abc12345' CREATEDB CONNECTION LIMIT 30 VALID UNTIL '2037-06-10'");

        Assert.Matches("^CREATE ROLE \"slashpass\" LOGIN CREATEDB PASSWORD 'SCRAM-SHA-256[^']*' VALID UNTIL '2037-06-10' CONNECTION LIMIT 30$", forwarded.Sql);
        Assert.DoesNotContain("Abc12345", forwarded.Sql + string.Concat(forwarded.After), StringComparison.Ordinal);
        Assert.Equal("670a7b18112cf1f374f57890a4894b28", Convert.ToHexStringLower(Stored(forwarded.Sql).Md5));
        Assert.Contains("\"method\":\"md5\"", Assert.Single(forwarded.After), StringComparison.Ordinal);
    }

    [Fact]
    public void An_md5_string_is_taken_as_it_is()
    {
        var forwarded = SqlText.Forward("create user user1 password 'md5153c434b4b77c89e6b94f12c5393af5b'");

        Assert.Equal("153c434b4b77c89e6b94f12c5393af5b", Convert.ToHexStringLower(Stored(forwarded.Sql).Md5));
    }

    [Fact]
    public void A_sha256_password_is_kept_as_a_salted_digest_only()
    {
        var forwarded = SqlText.Forward("CREATE USER admin PASSWORD 'sha256|Mypassword1'");

        Assert.Equal(StoredForms.Sha256, Stored(forwarded.Sql).Forms);
        Assert.DoesNotContain("Mypassword1", forwarded.Sql + string.Concat(forwarded.After), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sha256_digest_with_its_salt_is_taken_as_it_is()
    {
        var digest = new string('a', 64);
        var salt = new string('b', 64);

        var stored = Stored(SqlText.Forward($"CREATE USER admin PASSWORD 'sha256|{digest}|{salt}'").Sql);

        Assert.Equal((digest, salt), (Convert.ToHexStringLower(stored.Sha256), Convert.ToHexStringLower(stored.Salt)));
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

    [Fact]
    public void Becoming_a_superuser_takes_the_user_from_the_superusers_first()
    {
        Assert.Equal(["REVOKE \"a\" FROM rs_superuser", "GRANT rs_superuser TO \"a\""], SqlText.Forward("ALTER USER a CREATEUSER").After);
        Assert.Equal(["REVOKE rs_superuser FROM \"a\"", "GRANT \"a\" TO rs_superuser"], SqlText.Forward("ALTER USER a NOCREATEUSER").After);
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
    [InlineData("CREATE USER a PASSWORD DISABLE SYSLOG ACCESS UNRESTRICTED", "not covered by this stand-in: SYSLOG ACCESS UNRESTRICTED")]
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

    private static StoredPassword Stored(string sql)
    {
        var start = sql.IndexOf("SCRAM", StringComparison.Ordinal);
        return StoredPassword.Parse(sql[start..sql.IndexOf('\'', start)]) ?? throw new InvalidOperationException(sql);
    }
}

using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Tests.Secrecy;

public sealed class SecretLedgerTests
{
    [Fact]
    public void A_longer_secret_is_masked_before_a_shorter_one_that_it_holds()
    {
        var ledger = new SecretLedger();
        ledger.Remember("abcdef");
        ledger.Remember("abcdefgh");

        Assert.Equal("key '' and ''", ledger.Mask("key abcdefgh and abcdef"));
    }

    [Fact]
    public void A_secret_of_a_few_letters_is_masked_as_a_literal_and_not_within_words()
    {
        var ledger = new SecretLedger();
        ledger.Remember("y");

        Assert.Equal("system '' token=''", ledger.Mask("system 'y' token=y"));
    }

    [Theory]
    [InlineData("copy t from 's3://b/k' ACCESS_KEY_ID AS 'AKIAKEY0001' secret_access_key 'Sec/ret+1' session_token 'Tok=en1'", "AKIAKEY0001", "Sec/ret+1", "Tok=en1")]
    [InlineData("copy t from 's3://b/k' with credentials as 'aws_access_key_id=AKIAKEY0001;aws_secret_access_key=Sec/ret+1;token=Tok=en1'", "AKIAKEY0001", "Sec/ret+1", "Tok=en1")]
    [InlineData("copy t from 's3://b/k' credentials 'aws_iam_role=arn;master_symmetric_key=Sym/metric='", "Sym/metric=")]
    [InlineData("copy t frm 's3://b/k' secret_access_key\n'Sec/ret+1' garbage '", "Sec/ret+1")]
    [InlineData("copy t from 's3://b/k' secret_access_key 'Sec/ret+1", "Sec/ret+1")]
    [InlineData("create user u password 'pass''word1'", "pass''word1", "pass'word1")]
    [InlineData("alter user u password 'pass\\'word1'", "pass'word1")]
    public void Secrets_are_found_in_statements_even_in_broken_ones(string statement, params string[] secrets)
    {
        var ledger = new SecretLedger();
        ledger.Record(statement);

        foreach (var secret in secrets)
        {
            Assert.Contains(secret, ledger.Secrets);
            Assert.DoesNotContain(secret, Assert.Single(ledger.Report()), StringComparison.Ordinal);
            Assert.Contains(secret, ledger.FindIn($"a log line with {secret} in it"));
        }
    }

    [Fact]
    public void A_role_is_no_secret()
    {
        var ledger = new SecretLedger();
        ledger.Record("copy t from 's3://b/k' iam_role 'arn:aws:iam::1:role/r' credentials 'aws_iam_role=arn:aws:iam::1:role/r'");

        Assert.Empty(ledger.Secrets);
    }

    [Fact]
    public void A_secret_learnt_later_is_masked_in_earlier_statements()
    {
        var ledger = new SecretLedger();
        ledger.Record("select 'Sec/ret+1'");
        ledger.Remember("Sec/ret+1");

        Assert.Equal(["select ''''"], ledger.Report());
    }

    [Fact]
    public void The_report_is_bounded()
    {
        var ledger = new SecretLedger();
        for (var i = 0; i < 3000; i++)
        {
            ledger.Record($"select {i}");
        }

        ledger.Record(new string('x', 1 << 20));
        Assert.Equal(2000, ledger.Report().Length);
        Assert.True(ledger.Report().Sum(statement => statement.Length) < 100_000);
    }
}

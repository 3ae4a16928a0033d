using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Tests;

public sealed class SecretLedgerTests
{
    [Fact]
    public void A_longer_secret_is_masked_before_a_shorter_one_that_it_holds()
    {
        var ledger = new SecretLedger();
        ledger.Remember("abc");
        ledger.Remember("abcdef");

        Assert.Equal("key '' and ''", ledger.Mask("key abcdef and abc"));
    }
}

using Sluice.Postgres;

namespace Sluice.Tests.Postgres;

public sealed class TransactionOutcomesTests
{
    private readonly TransactionOutcomes _outcomes = new(TimeProvider.System);
    private readonly object _first = new();
    private readonly object _second = new();

    [Fact]
    public void An_id_that_is_handed_out_twice_belongs_to_the_second()
    {
        _outcomes.Register(7, _first);
        _outcomes.Register(7, _second);
        Assert.True(_outcomes.IsReissued(_first));
        Assert.False(_outcomes.IsReissued(_second));
    }

    [Fact]
    public void A_transaction_that_has_ended_does_not_count()
    {
        _outcomes.Register(7, _first);
        _outcomes.Forget(7, _first);
        _outcomes.Register(7, _second);
        Assert.False(_outcomes.IsReissued(_first));
    }

    [Fact]
    public void Forgetting_the_first_keeps_the_second()
    {
        _outcomes.Register(7, _first);
        _outcomes.Register(7, _second);
        _outcomes.Forget(7, _first);
        _outcomes.Register(7, new object());
        Assert.True(_outcomes.IsReissued(_second));
    }
}

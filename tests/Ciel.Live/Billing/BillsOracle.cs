namespace Ciel.Live.Billing;

/// <summary>What was asked and what was answered, kept outside: what was answered is there once, what was only asked is there once or not at all.</summary>
internal sealed class BillsOracle(BillsApi api, string account)
{
    private readonly Dictionary<string, (int Amount, bool Answered)> _payments = [];
    private readonly Dictionary<string, bool> _coupons = [];
    private readonly Random _random = new(account.GetHashCode(StringComparison.Ordinal));
    private (int Answered, int Asked) _orders;
    private (int Answered, int Asked) _budgets;
    private int _next;

    /// <summary>Pays, orders, redeems and sets budgets, one after the other, until an answer fails to come.</summary>
    public async Task Work()
    {
        while (await Step())
        {
        }
    }

    /// <summary>Everything is as it may be.</summary>
    public async Task Verify()
    {
        var entries = (await api.List($"/accounts/{account}/statement", "entries")).Where(e => e.GetProperty("kind").GetString() == "payment")
            .Select(e => (Reference: e.GetProperty("reference").GetString()!, Amount: e.GetProperty("amount").GetDecimal())).ToList();
        entries.GroupBy(e => e.Reference).ShouldAllBe(g => g.Count() == 1, "a payment is there twice");
        foreach (var (reference, (amount, answered)) in _payments)
        {
            var there = entries.Where(e => e.Reference == reference).ToList();
            (there.Count == 1 || !answered).ShouldBeTrue($"the payment {reference} was answered and is lost");
            there.ShouldAllBe(e => e.Amount == amount);
        }

        entries.Count.ShouldBeLessThanOrEqualTo(_payments.Count);
        (await api.List($"/accounts/{account}/orders", "orders")).Count.ShouldBeInRange(_orders.Answered, _orders.Asked);
        (await api.List($"/accounts/{account}/budgets", "budgets")).Count.ShouldBeInRange(_budgets.Answered, _budgets.Asked);
    }

    /// <summary>What nobody answered is asked again, as a bank's file is read again: then it is there.</summary>
    public async Task Again()
    {
        foreach (var (reference, (amount, _)) in _payments.Where(p => !p.Value.Answered).ToList())
        {
            await api.Send(HttpMethod.Post, $"/accounts/{account}/payments", new { payment = new { amount, reference } });
            _payments[reference] = (amount, true);
        }

        foreach (var code in _coupons.Where(c => !c.Value).Select(c => c.Key).ToList())
        {
            await api.Send(HttpMethod.Put, $"/accounts/{account}/coupons/{code}");
            _coupons[code] = true;
        }
    }

    /// <summary>How many codes the account holds.</summary>
    public int Coupons => _coupons.Count;

    private Task<bool> Step() => _random.Next(4) switch
    {
        0 => Pay(),
        1 => Order(),
        2 => Redeem(),
        _ => SetBudget(),
    };

    private async Task<bool> Pay()
    {
        var (reference, amount) = ($"{account}-{_next++}", 1 + _random.Next(100));
        _payments[reference] = (amount, false);
        return Answered(await api.Try(HttpMethod.Post, $"/accounts/{account}/payments", new { payment = new { amount, reference } }), 201, () => _payments[reference] = (amount, true));
    }

    private async Task<bool> Order()
    {
        _orders.Asked++;
        return Answered(await api.Try(HttpMethod.Post, $"/accounts/{account}/orders", new { order = new { offer = "support" } }), 201, () => _orders.Answered++);
    }

    private async Task<bool> SetBudget()
    {
        _budgets.Asked++;
        return Answered(await api.Try(HttpMethod.Post, $"/accounts/{account}/budgets", new { budget = new { amount = 1_000_000 } }), 201, () => _budgets.Answered++);
    }

    private async Task<bool> Redeem()
    {
        var code = $"CODE-{_random.Next(20)}";
        _coupons.TryAdd(code, false);
        return Answered(await api.Try(HttpMethod.Put, $"/accounts/{account}/coupons/{code}"), 204, () => _coupons[code] = true);
    }

    private static bool Answered((int Status, string Text)? answer, int wanted, Action note)
    {
        if (answer is not { } came)
        {
            return false;
        }

        came.Status.ShouldBe(wanted, came.Text);
        note();
        return true;
    }
}

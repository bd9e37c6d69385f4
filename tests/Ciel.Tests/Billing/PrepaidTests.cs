using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Control;

namespace Ciel.Tests.Billing;

/// <summary>Prepaid accounts, and the release of what stood still for long: whole lives in a sandbox, rules by themselves.</summary>
public sealed class PrepaidTests
{
    private const long Day = 86_400_000_000;

    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_balance_is_drawn_each_hour_warns_stands_still_and_goes_on_when_topped_up(string kind)
    {
        await using var cloud = await Sandbox.Start(kind, new { id = "trial", name = "Trial", sandbox = true, clock = "2026-01-01", prepaid = true, low_balance = "50,20" });
        await cloud.Use(new { project = "web", resource = "vm-1", meter = "server.running", unit = "server", from = "2026-01-01" });
        await cloud.Pay(100);
        await cloud.Advance("2026-01-05T04:30:00Z");
        var account = (await cloud.Get("/accounts/trial")).GetProperty("account");
        (account.GetProperty("balance").GetRawText(), account.GetProperty("drawn").GetRawText(), account.GetProperty("left").GetRawText()).ShouldBe(("100.00", "50.25", "49.75"));
        await cloud.Advance("2026-01-10");

        // 200 hours at 0.5: the balance ends at 08:00 of the 9th.
        (await cloud.Notices()).ShouldBe([
            "2026-01-05T04:30:00Z low-balance The balance is below 50.00 EUR: 49.75 are left. Top up before it is used up, or services stop.",
            "2026-01-07T17:00:00Z low-balance The balance is below 20.00 EUR: 19.50 are left. Top up before it is used up, or services stop.",
            "2026-01-09T08:00:00Z frozen The balance is used up: services are stopped, data is kept. A payment starts them again.",
        ]);
        (await cloud.Clock()).ShouldBe("frozen suspended");
        await cloud.Pay(30);
        await cloud.Advance("2026-02-02");
        (await cloud.Clock()).ShouldBe("frozen suspended");
        (await cloud.Notices())[3..].Select(n => n.Split(' ')[0..2]).ShouldBe([
            ["2026-01-10T00:00:00Z", "restored"], ["2026-01-10T21:00:00Z", "low-balance"], ["2026-01-12T12:00:00Z", "frozen"],
        ]);

        // The balance has paid all of the invoice (BT-113).
        var invoice = (await cloud.Get("/invoices?account=trial")).GetProperty("invoices")[0];
        (invoice.GetProperty("total").GetRawText(), invoice.GetProperty("prepaid").GetRawText(), invoice.GetProperty("payable").GetRawText()).ShouldBe(("130.00", "130.00", "0.00"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_stood_still_for_long_is_announced_and_then_released(string kind)
    {
        await using var cloud = await Sandbox.Start(kind, new { id = "trial", name = "Trial", sandbox = true, clock = "2026-01-01", release_after_days = 30 });
        await cloud.Use(new { project = "web", resource = "vm-1", meter = "server.running", unit = "server", from = "2026-01-01" });
        await cloud.Use(new { project = "web", resource = "vm-1", meter = "server.disk", unit = "GiB", from = "2026-01-01" });
        await cloud.Advance("2026-03-24");
        (await cloud.Clock()).ShouldBe("frozen suspended");
        await cloud.Advance("2026-04-02");
        (await cloud.Clock()).ShouldBe("released released");
        (await cloud.Notices()).Where(n => n.Contains(" release", StringComparison.Ordinal)).Select(n => string.Join(' ', n.Split(' ')[..2])).ShouldBe([
            "2026-02-22T02:00:00Z release", "2026-03-10T02:00:00Z release", "2026-03-17T02:00:00Z release", "2026-03-21T02:00:00Z release", "2026-03-23T02:00:00Z release",
            "2026-03-24T02:00:00Z released",
        ]);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM billing_sandbox_span WHERE closed_at IS NULL"))).ShouldBe(0);

        // A payment brings back the account, not what is gone.
        await cloud.Pay(10_000);
        await cloud.Advance("2026-04-03");
        (await cloud.Clock()).ShouldBe("active active");
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM billing_sandbox_span WHERE closed_at IS NULL"))).ShouldBe(0);
        cloud.Identity.Released.ShouldBeEmpty();
    }

    [Fact]
    public void A_release_is_never_sooner_than_was_said()
    {
        var frozen = new Account { Id = "a", Name = "A", Currency = "EUR", State = Arrears.Frozen, StateAt = 0 };
        Releasing.Of(frozen, Arrears.Frozen, 9999 * Day).ShouldBe(default, "no operator has said so");
        var set = frozen with { ReleaseAfterDays = 30 };
        Releasing.Of(set, Arrears.Grace, 40 * Day).ShouldBe(default);
        Releasing.Of(set, Arrears.Frozen, Day).ShouldBe(new(30 * Day, 29, true, false));
        Releasing.Of(set, Arrears.Frozen, 100 * Day).ShouldBe(new(114 * Day, 14, true, false), "it was set late: two weeks are left");
        var told = set with { ReleaseAt = 30 * Day, ReleaseTold = 29 };
        Releasing.Of(told, Arrears.Frozen, 15 * Day).ShouldBe(new(30 * Day, 29, false, false));
        Releasing.Of(told, Arrears.Frozen, 16 * Day).ShouldBe(new(30 * Day, 14, true, false));
        Releasing.Of(told with { ReleaseTold = 14 }, Arrears.Frozen, 16 * Day).ShouldBe(new(30 * Day, 14, false, false));

        // Nobody settled for long: the last notice still comes a day before.
        Releasing.Of(told, Arrears.Frozen, 50 * Day).ShouldBe(new(51 * Day, 1, true, false));
        var last = told with { ReleaseAt = 51 * Day, ReleaseTold = 1 };
        Releasing.Of(last, Arrears.Frozen, (51 * Day) - 1).Releases.ShouldBeFalse();
        Releasing.Of(last, Arrears.Frozen, 51 * Day).Releases.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"account": {"release_after_days": 29}}""")]
    [InlineData("""{"account": {"release_after_days": "soon"}}""")]
    [InlineData("""{"account": {"low_balance": "50,-1"}}""")]
    [InlineData("""{"account": {"low_balance": "a lot"}}""")]
    [InlineData("""{"account": {"prepaid": "perhaps"}}""")]
    public async Task A_bad_setting_is_refused(string body)
    {
        await using var cloud = await Sandbox.Start("sqlite", new { id = "trial", name = "Trial", sandbox = true }, keepers: false);
        (await cloud.Send(HttpMethod.Patch, "/accounts/trial", new StringContent(body))).Status.ShouldBe(400);
        (await cloud.Send(HttpMethod.Patch, "/accounts/default", new { account = new { prepaid = true } })).Status.ShouldBe(400);
        (await cloud.Send(HttpMethod.Patch, "/accounts/default", new { account = new { release_after_days = 90 } })).Status.ShouldBe(400);
    }
}

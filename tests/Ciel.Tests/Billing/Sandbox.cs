using System.Text.Json;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Tests.Billing;

/// <summary>A cloud with one sandbox, <c>trial</c>.</summary>
internal static class Sandbox
{
    public static async Task<BillingCloud> Start(string kind, object account, string? prices = null, bool keepers = true)
    {
        var cloud = await BillingCloud.Start(kind, keepers);
        await cloud.Import(prices ?? BillingCloud.Prices);
        (await cloud.Send(HttpMethod.Post, "/accounts", new { account })).Status.ShouldBe(201);
        return cloud;
    }

    public static async Task Use(this BillingCloud cloud, object usage) =>
        (await cloud.Send(HttpMethod.Post, "/accounts/trial/clock/usage", new { usage = new[] { usage } })).Status.ShouldBe(201);

    public static async Task Pay(this BillingCloud cloud, decimal amount) =>
        (await cloud.Send(HttpMethod.Post, "/accounts/trial/payments", new { payment = new { amount } })).Status.ShouldBe(201);

    public static async Task<JsonElement> Advance(this BillingCloud cloud, string to)
    {
        (await cloud.Send(HttpMethod.Post, "/accounts/trial/clock", new { clock = new { to } })).Status.ShouldBe(202);
        for (var i = 0; i < 1200; i++)
        {
            var clock = (await cloud.Get("/accounts/trial/clock")).GetProperty("clock");
            if (clock.GetProperty("status").GetString() == "ready")
            {
                Instant.Parse(clock.GetProperty("now").GetString()!).ShouldBe(Instant.Parse(to));
                return clock;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The clock did not arrive.");
    }

    /// <summary>Where the account and its first project stand.</summary>
    public static async Task<string> Clock(this BillingCloud cloud)
    {
        var clock = (await cloud.Get("/accounts/trial/clock")).GetProperty("clock");
        return $"{clock.GetProperty("state")} {clock.GetProperty("projects")[0].GetProperty("state")}";
    }

    /// <summary>What it was told, beside its invoices and payments.</summary>
    public static async Task<List<string>> Notices(this BillingCloud cloud) =>
        [.. (await cloud.Get("/accounts/trial/notices")).GetProperty("notices").EnumerateArray().Reverse()
            .Where(n => n.GetProperty("kind").GetString() is not ("invoice" or "payment")).Select(n => $"{n.GetProperty("at")} {n.GetProperty("kind")} {n.GetProperty("message")}")];
}

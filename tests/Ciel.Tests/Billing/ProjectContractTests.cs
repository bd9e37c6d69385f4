using System.Text.Json;

namespace Ciel.Tests.Billing;

/// <summary>Contracts with one project of an account: prices, tiers and free allowances of its own, beside those of the account.</summary>
public sealed class ProjectContractTests
{
    private const string Book = BillingCloud.Prices +
        """

        contracts:
          - { id: all, name: All, discounts: [{ percent: 10, from: 2020-01-01 }] }
          - { id: lab, name: Lab }
        """;

    private const string LabsPrice = "\n  - { product: machine, contract: lab, currency: EUR, from: 2020-01-01, free: 5, price: 0.25 }\ntaxes:";

    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_project_has_its_own_free_allowance_and_prices_while_its_contract_holds(string kind)
    {
        await using var cloud = await Trial(kind);
        (await Agree(cloud, new { contract = "all" })).ShouldBe(200);
        (await Agree(cloud, new { contract = "lab", project = "trial:lab", from = "2026-01-10" })).ShouldBe(200);
        await Ran(cloud, "web", "2026-01-01", "2026-01-01T10:00:00Z");
        await Ran(cloud, "lab", "2026-01-09T20:00:00Z", "2026-01-10T10:00:00Z");
        await cloud.Advance("2026-02-02");
        (await Lines(cloud, "SANDBOX.trial.000001")).ShouldBe(["usage 14 7.00 ", "usage 5 0.00 lab", "usage 5 1.25 lab", "discount 14 -0.70 all"]);
        (await Agree(cloud, new { project = "trial:lab", from = "2026-02-01" })).ShouldBe(200);
        await Ran(cloud, "lab", "2026-02-01", "2026-02-01T02:00:00Z");
        (await cloud.Get("/accounts/trial/preview")).GetProperty("preview").GetProperty("net").GetRawText().ShouldBe("0.90");
        (await cloud.Get("/accounts/trial")).GetProperty("account").GetProperty("contracts").EnumerateArray()
            .Select(c => $"{c.GetProperty("contract")} {c.GetProperty("project").GetRawText()} {c.GetProperty("from")} {c.GetProperty("to").GetRawText()}")
            .ShouldBe(["""all null 2026-01-01T00:00:00Z null""", """lab "trial:lab" 2026-01-10T00:00:00Z "2026-02-01T00:00:00Z" """.TrimEnd()]);
    }

    [Theory]
    [InlineData("nowhere", 400)]
    [InlineData("alice", 400)]
    [InlineData("", 400)]
    public async Task A_contract_is_with_projects_that_the_account_pays_for(string project, int status)
    {
        await using var cloud = await Trial("sqlite");
        (await Agree(cloud, new { contract = "lab", project })).ShouldBe(status);
    }

    private static Task<BillingCloud> Trial(string kind) =>
        Sandbox.Start(kind, new { id = "trial", name = "Trial", sandbox = true, clock = "2026-01-01", country = "DE" }, Book.Replace("\ntaxes:", LabsPrice, StringComparison.Ordinal));

    private static async Task<int> Agree(BillingCloud cloud, object agreement) => (await cloud.Send(HttpMethod.Put, "/accounts/trial/contract", agreement)).Status;

    private static Task Ran(BillingCloud cloud, string project, string from, string to) =>
        cloud.Use(new { project, resource = project, meter = "server.running", unit = "server", from, to });

    private static async Task<IEnumerable<string>> Lines(BillingCloud cloud, string number) =>
        (await cloud.Get("/invoices/" + number)).GetProperty("invoice").GetProperty("lines").EnumerateArray().Where(l => l.GetProperty("kind").GetString() != "tax").Select(Line);

    private static string Line(JsonElement line) =>
        $"{line.GetProperty("kind").GetString()} {line.GetProperty("quantity")} {line.GetProperty("amount").GetRawText()} {line.GetProperty("source").GetString()}";
}

using Ciel.Tests.Attack;

namespace Ciel.Tests.Billing;

/// <summary>The last step of arrears on real resources: a tenant with one of everything, a whole controller and a simulated node.</summary>
public sealed class ReleaseTests
{
    private const long Day = 86_400_000_000;
    private static readonly string[] Lists =
        ["/network/v2.0/floatingips", "/network/v2.0/routers", "/network/v2.0/ports", "/network/v2.0/subnets", "/network/v2.0/networks", "/compute/v2.1/servers"];

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task What_an_account_left_unpaid_for_long_is_deleted_and_images_stay(string kind)
    {
        await using var cloud = await TestCloud.Start(kind);
        var (tenant, other) = (await Estate.Make(cloud, "alice"), await cloud.Tenant("bob"));
        await cloud.Send(HttpMethod.Post, "/network/v2.0/networks", other.Token, new { network = new { name = "his" } });
        var admin = await cloud.AdminToken();
        await cloud.Send(HttpMethod.Post, "/billing/v1/accounts", admin, new { account = new { id = "acme", name = "Acme for months", prepaid = true, release_after_days = 30 } });
        await cloud.Send(HttpMethod.Put, "/billing/v1/accounts/acme/projects/" + tenant.ProjectId, admin, new { });
        await Pay(cloud, admin, "refund");
        await Until(cloud, "frozen", async () => await State(cloud, admin) == "frozen");

        // As if it had stood still for forty days and been told in time.
        await cloud.Db.Write(tx => tx.Execute(
            "UPDATE billing_account SET state = 'frozen', state_at = @since, release_at = @at, release_told = 1 WHERE id = 'acme'", new { since = tx.Now - (40 * Day), at = tx.Now - 1 }));
        await Pay(cloud, admin, "refund");
        await Until(cloud, admin, tenant, 0);
        (await State(cloud, admin)).ShouldBe("released");
        (await Open(cloud, tenant)).ShouldBe(["image.stored"]);
        (await cloud.Send(HttpMethod.Get, "/image/v2/images/" + tenant["images"], tenant.Token)).GetProperty("status").GetString().ShouldBe("active");

        // Its neighbour has what he had.
        (await Count(cloud, admin, "/network/v2.0/networks", other.ProjectId)).ShouldBe(1);

        // Paid again, it may build anew, and nothing clears that away.
        await Pay(cloud, admin, "payment");
        await Pay(cloud, admin, "payment");
        await Pay(cloud, admin, "payment");
        await Until(cloud, "restored", async () => (await cloud.Raw(HttpMethod.Post, "/network/v2.0/networks", tenant.Token, new { network = new { name = "new" } })).IsSuccessStatusCode);
        await Until(cloud, "no purge is left", async () => await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM keeper WHERE kind LIKE '%purge%' AND frame LIKE '%released%'")) == 0);
        (await Count(cloud, admin, "/network/v2.0/networks", tenant.ProjectId)).ShouldBe(1);
    }

    private static async Task<string?> State(TestCloud cloud, string admin) =>
        (await cloud.Send(HttpMethod.Get, "/billing/v1/accounts/acme", admin)).GetProperty("account").GetProperty("state").GetString();

    private static Task<System.Text.Json.JsonElement> Pay(TestCloud cloud, string admin, string kind) =>
        cloud.Send(HttpMethod.Post, "/billing/v1/accounts/acme/payments", admin, new { payment = new { amount = 1, kind } });

    private static async Task Until(TestCloud cloud, string admin, Estate tenant, int left)
    {
        foreach (var list in Lists.Reverse())
        {
            await Until(cloud, list, async () => await Count(cloud, admin, list, tenant.ProjectId) == left);
        }
    }

    private static async Task Until(TestCloud cloud, string what, Func<Task<bool>> done)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await done())
            {
                return;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        var stuck = await cloud.Db.Read(r => r.Query<string>("SELECT kind || ' ' || step || ' ' || COALESCE(last_error, '') FROM keeper"));
        throw new TimeoutException($"{what}: {string.Join("; ", stuck)}");
    }

    private static async Task<int> Count(TestCloud cloud, string admin, string list, string projectId)
    {
        var all = await cloud.Send(HttpMethod.Get, list + (list.Contains("compute", StringComparison.Ordinal) ? "?all_tenants=1&project_id=" : "?project_id=") + projectId, admin);
        return all.EnumerateObject().First().Value.GetArrayLength();
    }

    private static Task<List<string>> Open(TestCloud cloud, Estate tenant) =>
        cloud.Db.Read(r => r.Query<string>("SELECT DISTINCT meter FROM usage_span WHERE project_id = @ProjectId AND closed_at IS NULL ORDER BY meter", new { tenant.ProjectId }));
}

using System.Text.Json;

namespace Ciel.Tests.Network;

/// <summary>Lists: filters on any attribute, selected fields, order, pages with links, tags.</summary>
public class ListTests
{
    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task PagesFollowTheirLinksBothWays(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        foreach (var name in (string[])["c", "a", "e", "b", "d"])
        {
            await cloud.Make("alice", "networks", new { name });
        }

        var seen = new List<string>();
        var path = "networks?router:external=false&sort_key=name&sort_dir=desc&limit=2";
        JsonElement page;
        for (page = await cloud.Send(HttpMethod.Get, path, "alice"); Names(page).Length > 0; page = await cloud.Send(HttpMethod.Get, path, "alice"))
        {
            seen.AddRange(Names(page));
            if (Link(page, "next") is not { } next)
            {
                break;
            }

            path = next;
        }

        seen.ShouldBe(["e", "d", "c", "b", "a"]);
        var back = await cloud.Send(HttpMethod.Get, Link(page, "previous")!, "alice");
        Names(back).ShouldBe(["c", "b"]);
        (await cloud.Fails(HttpMethod.Get, "networks?marker=nope", "alice")).Status.ShouldBe(400);
        (await cloud.Fails(HttpMethod.Get, "networks?limit=-1", "alice")).Status.ShouldBe(400);
        (await cloud.Fails(HttpMethod.Get, "networks?nonsense=1", "alice")).ShouldBe((400, "HTTPBadRequest"));
        (await cloud.Fails(HttpMethod.Get, "networks?sort_key=nonsense&sort_dir=asc", "alice")).Status.ShouldBe(400);
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task PortsAreFoundByWhatTheyHave(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var (network, subnet) = await cloud.Lan("alice");
        var group = (await cloud.Make("alice", "security-groups", new { name = "g" })).Id();
        var one = (await cloud.Make("alice", "ports", new { network_id = network, name = "one", fixed_ips = (object[])[new { ip_address = "10.0.0.9" }], security_groups = (string[])[group] })).Id();
        var two = (await cloud.Make("alice", "ports", new { network_id = network, name = "two", fixed_ips = (object[])[new { ip_address = "10.0.0.77" }], device_id = "d", admin_state_up = false })).Id();
        async Task Finds(string query, params string[] ids) =>
            (await cloud.Get("alice", "ports?" + query)).EnumerateArray().Select(p => p.Id()).Order().ShouldBe(ids.Order(), query);
        await Finds("fixed_ips=ip_address%3D10.0.0.9", one);
        await Finds("fixed_ips=ip_address%3D10.0.0.9&fixed_ips=ip_address%3D10.0.0.77", one, two);
        await Finds($"fixed_ips=subnet_id%3D{subnet}&fixed_ips=ip_address_substr%3D0.7", two);
        await Finds("fixed_ips=ip_address_substr%3D10.0", one, two);
        await Finds("security_groups=" + group, one);
        await Finds("name=one&name=two", one, two);
        await Finds("device_id=", one);
        await Finds("admin_state_up=false", two);
        await Finds("admin_state_up=maybe");
        await Finds("status=DOWN", one, two);
        await Finds("network_id=" + network + "&device_id=d", two);
        await Finds("tenant_id=bob");
    }

    [Fact]
    public async Task OnlyTheFieldsAskedForAreShown()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var (network, subnet) = await cloud.Lan("alice");
        Keys(await cloud.Get("alice", $"networks/{network}?fields=id&fields=mtu")).ShouldBe(["id", "mtu"]);
        Keys((await cloud.Get("alice", "subnets?fields=id&fields=network_id"))[0]).ShouldBe(["id", "network_id"]);
        Keys(await cloud.Get("alice", "networks/" + network)).ShouldNotContain("provider:segmentation_id");
        Keys(await cloud.Get("admin", "networks/" + network)).ShouldContain("provider:segmentation_id");
        (await cloud.Get("alice", "networks/" + network)).Strings("subnets").ShouldBe([subnet]);
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task TagsAreSetAskedForAndTakenAway(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var (red, _) = await cloud.Lan("alice");
        var (both, _) = await cloud.Lan("alice");
        await cloud.Send(HttpMethod.Put, $"networks/{red}/tags/red", "alice");
        await cloud.Send(HttpMethod.Put, $"networks/{both}/tags", "alice", new { tags = (string[])["red", "bl\"ue", "red"] });
        (await cloud.Get("alice", $"networks/{both}/tags")).EnumerateArray().Select(t => t.GetString()).ShouldBe(["red", "bl\"ue"]);
        async Task Finds(string query, params string[] ids) =>
            (await cloud.Get("alice", "networks?router:external=false&" + query)).EnumerateArray().Select(p => p.Id()).Order().ShouldBe(ids.Order(), query);
        await Finds("tags=red", red, both);
        await Finds("tags=red,bl%22ue", both);
        await Finds("tags-any=red,nope", red, both);
        await Finds("not-tags=bl%22ue", red);
        await Finds("not-tags-any=red,x");
        await Finds("tags=re");
        (await cloud.Try(HttpMethod.Get, $"networks/{red}/tags/red", "alice")).Status.ShouldBe(204);
        (await cloud.Fails(HttpMethod.Get, $"networks/{red}/tags/blue", "alice")).ShouldBe((404, "TagNotFound"));
        (await cloud.Fails(HttpMethod.Delete, $"networks/{red}/tags/blue", "alice")).Status.ShouldBe(404);
        (await cloud.Try(HttpMethod.Delete, $"networks/{both}/tags/red", "alice")).Status.ShouldBe(204);
        (await cloud.Try(HttpMethod.Delete, $"networks/{both}/tags", "alice")).Status.ShouldBe(204);
        (await cloud.Get("alice", "networks/" + both)).Strings("tags").ShouldBeEmpty();
    }

    [Fact]
    public async Task ARevisionThatIsPastChangesNothing()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var (network, _) = await cloud.Lan("alice");
        var body = new { network = new { name = "new" } };
        (await cloud.Try(HttpMethod.Put, "networks/" + network, "alice", body, "revision_number=7")).Status.ShouldBe(412);
        (await cloud.Try(HttpMethod.Put, "networks/" + network, "alice", body, "revision_number=0")).Status.ShouldBe(200);
        (await cloud.Get("alice", "networks/" + network)).GetProperty("revision_number").GetInt64().ShouldBe(1);
        (await cloud.Try(HttpMethod.Delete, "networks/" + network, "alice", ifMatch: "revision_number=0")).Status.ShouldBe(412);
    }

    [Fact]
    public async Task DiscoveryShowsEachExtensionAlone()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var all = await cloud.Get("alice", "extensions");
        all.GetArrayLength().ShouldBeGreaterThan(40);
        foreach (var extension in all.EnumerateArray())
        {
            (await cloud.Get("alice", "extensions/" + extension.Text("alias"))).GetRawText().ShouldBe(extension.GetRawText());
        }

        (await cloud.Fails(HttpMethod.Get, "extensions/dvr", "alice")).Status.ShouldBe(404);
        (await cloud.Get("alice", "agents")).GetArrayLength().ShouldBe(0);
        (await cloud.Get("admin", "agents"))[0].Text("host").ShouldBe(NetworkCloud.Node);
        (await cloud.Get("alice", "availability_zones")).GetArrayLength().ShouldBe(2);
        (await cloud.Get("alice", "service-providers")).GetArrayLength().ShouldBe(1);
        using var root = await cloud.Client.GetAsync("/network/");
        (await root.Content.ReadAsStringAsync()).ShouldContain("/network/v2.0/");
    }

    private static string[] Names(JsonElement page) => [.. page.GetProperty("networks").EnumerateArray().Select(n => n.Text("name")!)];

    private static string? Link(JsonElement page, string rel) => page.GetProperty("networks_links").EnumerateArray()
        .Where(l => l.Text("rel") == rel).Select(l => l.Text("href")!.Split("/v2.0/")[1]).FirstOrDefault();

    private static string[] Keys(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];
}

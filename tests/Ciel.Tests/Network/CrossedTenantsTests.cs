using System.Text.Json;

namespace Ciel.Tests.Network;

/// <summary>What is another project's does not exist, on every route that takes an id, in paths and in bodies.</summary>
public class CrossedTenantsTests
{
    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AnotherProjectsIdIsAnIdOfNothing(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var alices = await OneOfEach(cloud, "alice");
        foreach (var (path, id) in alices)
        {
            var nothing = await cloud.Try(HttpMethod.Get, $"{path}/00000000-0000-0000-0000-000000000000", "bob");
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete])
            {
                if (method == HttpMethod.Put && path is "security-group-rules")
                {
                    continue;
                }

                var name = path is "rbac-policies" ? "rbac_policy" : path.Replace('-', '_')[..^1];
                var (status, body) = await cloud.Try(method, $"{path}/{id}", "bob", method == HttpMethod.Put ? new Dictionary<string, object> { [name] = new { } } : null);
                status.ShouldBe(404, $"{method} {path}");
                body.GetRawText().Replace(id, "").ShouldBe(nothing.Body.GetRawText().Replace("00000000-0000-0000-0000-000000000000", ""), path);
            }

            (await cloud.Get("bob", path)).EnumerateArray().Select(e => e.Id()).ShouldNotContain(id, path);
            (await cloud.Get("bob", $"{path}?id={id}")).GetArrayLength().ShouldBe(0, path);
            (await cloud.Try(HttpMethod.Get, $"{path}/{id}/tags", "bob")).Status.ShouldBe(404, path);
            (await cloud.Try(HttpMethod.Put, $"{path}/{id}/tags/mine", "bob")).Status.ShouldBe(404, path);
            (await cloud.Get("admin", $"{path}?id={id}")).GetArrayLength().ShouldBe(1, path);
        }
    }

    [Fact]
    public async Task BodiesThatNameAnothersThingsAreRefused()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var alices = (await OneOfEach(cloud, "alice")).ToDictionary();
        var (network, subnet) = await cloud.Lan("bob", "10.9.0.0/24");
        var router = (await cloud.Make("bob", "routers", new { external_gateway_info = new { network_id = await cloud.Public() } })).Id();
        var port = (await cloud.Make("bob", "ports", new { network_id = network })).Id();
        var group = (await cloud.Make("bob", "security-groups", new { name = "g" })).Id();
        var floating = (await cloud.Make("bob", "floatingips", new { floating_network_id = await cloud.Public() })).Id();
        (HttpMethod Method, string Path, object Body)[] attempts =
        [
            (HttpMethod.Post, "subnets", new { subnet = new { network_id = alices["networks"], cidr = "10.7.0.0/24", ip_version = 4 } }),
            (HttpMethod.Post, "subnets", new { subnet = new { network_id = network, subnetpool_id = alices["subnetpools"], ip_version = 4 } }),
            (HttpMethod.Post, "ports", new { port = new { network_id = alices["networks"] } }),
            (HttpMethod.Post, "ports", new { port = new { network_id = network, security_groups = (string[])[alices["security-groups"]] } }),
            (HttpMethod.Put, "ports/" + port, new { port = new { security_groups = (string[])[alices["security-groups"]] } }),
            (HttpMethod.Put, $"routers/{router}/add_router_interface", new { subnet_id = alices["subnets"] }),
            (HttpMethod.Put, $"routers/{router}/add_router_interface", new { port_id = alices["ports"] }),
            (HttpMethod.Put, $"routers/{router}/remove_router_interface", new { subnet_id = alices["subnets"] }),
            (HttpMethod.Put, $"routers/{alices["routers"]}/add_router_interface", new { subnet_id = subnet }),
            (HttpMethod.Put, $"routers/{alices["routers"]}/add_extraroutes", new { router = new { routes = Array.Empty<object>() } }),
            (HttpMethod.Post, "routers", new { router = new { external_gateway_info = new { network_id = alices["networks"] } } }),
            (HttpMethod.Post, "floatingips", new { floatingip = new { floating_network_id = alices["networks"] } }),
            (HttpMethod.Post, "floatingips", new { floatingip = new { floating_network_id = await cloud.Public(), port_id = alices["ports"] } }),
            (HttpMethod.Put, "floatingips/" + floating, new { floatingip = new { port_id = alices["ports"] } }),
            (HttpMethod.Post, "security-group-rules", new { security_group_rule = new { security_group_id = alices["security-groups"], direction = "ingress" } }),
            (HttpMethod.Post, "security-group-rules", new { security_group_rule = new { security_group_id = group, direction = "ingress", remote_group_id = alices["security-groups"] } }),
            (HttpMethod.Post, "security-group-rules", new { security_group_rule = new { security_group_id = group, direction = "ingress", remote_address_group_id = alices["address-groups"] } }),
            (HttpMethod.Put, $"address-groups/{alices["address-groups"]}/add_addresses", new { addresses = (string[])["10.0.0.0/8"] }),
            (HttpMethod.Post, "rbac-policies", new { rbac_policy = new { object_type = "network", object_id = alices["networks"], action = "access_as_shared", target_tenant = "bob" } }),
            (HttpMethod.Post, "subnetpools", new { subnetpool = new { prefixes = (string[])["10.0.0.0/8"], address_scope_id = alices["address-scopes"] } }),
        ];
        foreach (var (method, path, body) in attempts)
        {
            (await cloud.Fails(method, path, "bob", body)).Status.ShouldBe(404, $"{path} {JsonSerializer.Serialize(body)}");
        }

        (await cloud.Fails(HttpMethod.Post, "networks", "bob", new { network = new { project_id = "alice" } })).Status.ShouldBe(400);
        (await cloud.Fails(HttpMethod.Get, "quotas/alice", "bob")).Status.ShouldBe(403);
        (await cloud.Fails(HttpMethod.Put, "quotas/bob", "bob", new { quota = new { network = 9 } })).Status.ShouldBe(403);
        (await cloud.Get("bob", "floatingips")).GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("networks", "{\"network\":{\"shared\":true}}")]
    [InlineData("networks", "{\"network\":{\"router:external\":true}}")]
    [InlineData("networks", "{\"network\":{\"provider:network_type\":\"vxlan\"}}")]
    [InlineData("routers", "{\"router\":{\"distributed\":true}}")]
    [InlineData("routers", "{\"router\":{\"ha\":false}}")]
    [InlineData("subnetpools", "{\"subnetpool\":{\"prefixes\":[\"10.0.0.0/8\"],\"is_default\":true}}")]
    [InlineData("metering/metering-labels", "{\"metering_label\":{\"name\":\"x\"}}")]
    public async Task WhatOnlyAdminsMayDoIsForbidden(string path, string body)
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        (await cloud.Fails(HttpMethod.Post, path, "alice", new StringContent(body))).ShouldBe((403, "PolicyNotAuthorized"));
    }

    [Fact]
    public async Task OnASharedNetworkOthersMayHavePortsButNotTakeItOver()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var network = (await cloud.Make("admin", "networks", new { name = "shared", shared = true })).Id();
        var subnet = (await cloud.Make("admin", "subnets", new { network_id = network, cidr = "10.0.0.0/24", ip_version = 4 })).Id();
        (await cloud.Get("bob", "networks/" + network)).GetProperty("shared").GetBoolean().ShouldBeTrue();
        (await cloud.Get("bob", "subnets/" + subnet)).Id().ShouldBe(subnet);
        var port = await cloud.Make("bob", "ports", new { network_id = network, fixed_ips = (object[])[new { subnet_id = subnet }] });
        port.Addresses().Length.ShouldBe(1);
        (await cloud.Fails(HttpMethod.Post, "ports", "bob", new { port = new { network_id = network, mac_address = "fa:16:3e:00:00:01" } })).Status.ShouldBe(403);
        (await cloud.Fails(HttpMethod.Post, "ports", "bob", new { port = new { network_id = network, port_security_enabled = false } })).Status.ShouldBe(403);
        (await cloud.Fails(HttpMethod.Post, "ports", "bob", new { port = new { network_id = network, fixed_ips = (object[])[new { ip_address = "10.0.0.1" }] } })).Status.ShouldBe(403);
        (await cloud.Fails(HttpMethod.Post, "ports", "bob", new { port = new { network_id = network, device_owner = "network:dhcp" } })).Status.ShouldBe(403);
        (await cloud.Fails(HttpMethod.Post, "subnets", "bob", new { subnet = new { network_id = network, cidr = "10.1.0.0/24", ip_version = 4 } })).Status.ShouldBe(403);
        (await cloud.Fails(HttpMethod.Put, "networks/" + network, "bob", new { network = new { name = "mine" } })).ShouldBe((404, "NetworkNotFound"));
        (await cloud.Fails(HttpMethod.Post, "ports", "bob", new { port = new { network_id = await cloud.Public() } })).Status.ShouldBe(403);
        var router = (await cloud.Make("bob", "routers", new { })).Id();
        (await cloud.Fails(HttpMethod.Put, $"routers/{router}/add_router_interface", "bob", new { subnet_id = subnet })).Status.ShouldBe(403);
        (await cloud.Fails(HttpMethod.Put, "networks/" + network, "admin", new { network = new { shared = false } })).ShouldBe((409, "InvalidSharedSetting"));
        await cloud.Send(HttpMethod.Delete, "ports/" + port.Id(), "bob");
        await cloud.Send(HttpMethod.Put, "networks/" + network, "admin", new { network = new { shared = false } });
        (await cloud.Fails(HttpMethod.Get, "networks/" + network, "bob")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task APolicySharesWithOneProjectOnly()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var (network, _) = await cloud.Lan("alice");
        var policy = (await cloud.Make("alice", "rbac-policies", new { object_type = "network", object_id = network, action = "access_as_shared", target_tenant = "bob" })).Id();
        (await cloud.Get("bob", "networks/" + network)).GetProperty("shared").GetBoolean().ShouldBeTrue();
        (await cloud.Get("alice", "networks/" + network)).GetProperty("shared").GetBoolean().ShouldBeFalse();
        (await cloud.Fails(HttpMethod.Get, "networks/" + network, "carol")).Status.ShouldBe(404);
        var port = (await cloud.Make("bob", "ports", new { network_id = network })).Id();
        (await cloud.Fails(HttpMethod.Delete, "rbac-policies/" + policy, "alice")).ShouldBe((409, "RbacPolicyInUse"));
        await cloud.Send(HttpMethod.Delete, "ports/" + port, "bob");
        await cloud.Send(HttpMethod.Delete, "rbac-policies/" + policy, "alice");
        (await cloud.Fails(HttpMethod.Get, "networks/" + network, "bob")).Status.ShouldBe(404);
        (await cloud.Fails(HttpMethod.Post, "rbac-policies", "alice", new { rbac_policy = new { object_type = "network", object_id = network, action = "access_as_shared", target_tenant = "*" } })).Status.ShouldBe(403);
    }

    private static async Task<List<(string Path, string Id)>> OneOfEach(NetworkCloud cloud, string token)
    {
        var (network, subnet) = await cloud.Lan(token);
        var group = (await cloud.Make(token, "security-groups", new { name = "g" })).Id();
        var scope = (await cloud.Make(token, "address-scopes", new { name = "s", ip_version = 4 })).Id();
        return
        [
            ("networks", network),
            ("subnets", subnet),
            ("ports", (await cloud.Make(token, "ports", new { network_id = network })).Id()),
            ("routers", (await cloud.Make(token, "routers", new { name = "r" })).Id()),
            ("floatingips", (await cloud.Make(token, "floatingips", new { floating_network_id = await cloud.Public() })).Id()),
            ("security-groups", group),
            ("security-group-rules", (await cloud.Make(token, "security-group-rules", new { security_group_id = group, direction = "ingress", protocol = "tcp" })).Id()),
            ("address-scopes", scope),
            ("subnetpools", (await cloud.Make(token, "subnetpools", new { name = "p", prefixes = (string[])["10.0.0.0/8"], address_scope_id = scope })).Id()),
            ("address-groups", (await cloud.Make(token, "address-groups", new { name = "a", addresses = (string[])["10.0.0.0/8"] })).Id()),
            ("rbac-policies", (await cloud.Make(token, "rbac-policies", new { object_type = "network", object_id = network, action = "access_as_shared", target_tenant = "carol" })).Id()),
        ];
    }
}

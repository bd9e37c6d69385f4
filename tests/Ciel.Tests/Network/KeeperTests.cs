using Ciel.Services.Identity;
using Ciel.Services.Network;
using Ciel.Tests.Keepers;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Network;

/// <summary>The keepers bring nodes to what the rows say, whatever is lost on the way, and leave nothing behind.</summary>
public class KeeperTests
{
    private const string PortId = "00000000-0000-7000-8000-000000000001";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task LostCallsAreMadeAgain(int losses)
    {
        await using var cloud = await NetworkCloud.Start("sqlite");
        await NetworkCloud.Until(async () => cloud.Agent.Network(await cloud.Public()) is not null, "the public network is there");
        cloud.Agent.Losses = losses;
        var (network, subnet) = await cloud.Lan("alice");
        await Machine(cloud, network);
        var router = (await cloud.Make("alice", "routers", new { external_gateway_info = new { network_id = await cloud.Public() } })).Id();
        await cloud.Send(HttpMethod.Put, $"routers/{router}/add_router_interface", "alice", new { subnet_id = subnet });
        await Wake(cloud);
        await NetworkCloud.Until(() => Wired(cloud), "the port is wired");
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Router(router)?.Interfaces.Count == 1), "the router is there");
        cloud.Agent.Losses = losses;
        await cloud.Db.Write(tx => cloud.Networks.DeletePort(tx, PortId));
        await cloud.Send(HttpMethod.Put, $"routers/{router}/remove_router_interface", "alice", new { subnet_id = subnet });
        await cloud.Send(HttpMethod.Delete, "routers/" + router, "alice");
        await cloud.Send(HttpMethod.Delete, "networks/" + network, "alice");
        await Wake(cloud);
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Specs.Count == 1), "nothing but the public network is left");
        await NetworkCloud.Until(async () => await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM network_part")) == 1, "no part is on record");
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task APortThatChangesIsWiredAnew(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind);
        var (network, _) = await cloud.Lan("alice");
        await Machine(cloud, network);
        await NetworkCloud.Until(() => Wired(cloud), "wired");
        await cloud.Send(HttpMethod.Put, "ports/" + PortId, "alice", new { port = new { admin_state_up = false } });
        await NetworkCloud.Until(() => Task.FromResult(!cloud.Agent.Network(network)!.Ports.Single().Up), "it is down");
        (await cloud.Get("alice", "ports/" + PortId)).Text("status").ShouldBe("DOWN");
        await cloud.Send(HttpMethod.Put, "ports/" + PortId, "alice", new { port = new { admin_state_up = true, name = "x" } });
        await NetworkCloud.Until(async () => (await cloud.Get("alice", "ports/" + PortId)).Text("status") == "ACTIVE", "it is up");
        await cloud.Db.Write(tx => cloud.Networks.Bind(tx, PortId, null, ""));
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Network(network) is null), "the node has it no more");
        await NetworkCloud.Until(async () => (await cloud.Get("alice", "ports?device_owner=network:dhcp")).GetArrayLength() == 0, "nothing serves it");
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ALegThatComesWhileItsRouterIsPlacedGetsItsNetworkThere(string kind)
    {
        var made = new TaskCompletionSource<(string Router, string Network, string Subnet)>();
        NetworkCloud? cloud = null;
        var placed = false;
        await using var started = await NetworkCloud.Start(kind, dress: k => k.Kind == KeeperSteps.Router ? new CrashKeeper(k, BeforeItsFirstCommit) : k);
        cloud = started;
        var (network, subnet) = await cloud.Lan("alice");
        var router = (await cloud.Make("alice", "routers", new { external_gateway_info = new { network_id = await cloud.Public() } })).Id();
        made.SetResult((router, network, subnet));
        await NetworkCloud.Until(async () => (await cloud.Get("alice", "ports?device_id=" + router)) is { } legs && legs.GetArrayLength() == 1 && legs[0].Text("status") == "ACTIVE", "the leg is wired");

        async Task BeforeItsFirstCommit()
        {
            if (placed)
            {
                return;
            }

            placed = true;
            var (id, lan, range) = await made.Task;
            await cloud!.Send(HttpMethod.Put, $"routers/{id}/add_router_interface", "alice", new { subnet_id = range });
            await NetworkCloud.Until(
                async () => await cloud.Db.Read(r => r.Scalar<long>("SELECT wake_at FROM keeper WHERE id = @lan", new { lan })) == long.MaxValue, "the network's keeper rests");
        }
    }

    [Fact]
    public async Task ASubnetThatComesLaterIsServedToo()
    {
        await using var cloud = await NetworkCloud.Start("sqlite");
        var (network, _) = await cloud.Lan("alice");
        await Machine(cloud, network);
        await NetworkCloud.Until(() => Wired(cloud), "wired");
        await cloud.Make("alice", "subnets", new { network_id = network, cidr = "2003::/64", ip_version = 6, ipv6_ra_mode = "slaac", ipv6_address_mode = "slaac" });
        await cloud.Make("alice", "subnets", new { network_id = network, cidr = "10.1.0.0/30", ip_version = 4, gateway_ip = (string?)null, allocation_pools = Array.Empty<object>() });
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Network(network)!.Subnets.Count(s => s.DhcpAddress is not null) == 2), "both are served");
        var spec = cloud.Agent.Network(network)!;
        spec.Subnets.Single(s => s.Ipv6Mode == "slaac").DhcpAddress!.ShouldStartWith("2003::f816:3eff:fe");
        spec.Subnets.Single(s => s.Cidr == "10.1.0.0/30").DhcpAddress.ShouldBeNull();
        spec.Ports.Single().Addresses.Count.ShouldBe(2);
        var dhcp = (await cloud.Get("alice", "ports?device_owner=network:dhcp"))[0];
        dhcp.Addresses().ShouldBe(spec.Subnets.Select(s => s.DhcpAddress).OfType<string>(), ignoreOrder: true);
        (await cloud.Get("alice", "quotas/alice/details")).GetProperty("port").GetProperty("used").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task AnAdminMayHaveANetworkServedWhereItHasNoPort()
    {
        await using var cloud = await NetworkCloud.Start("sqlite");
        var network = (await cloud.Make("alice", "networks", new { name = "n" })).Id();
        var agent = (await cloud.Get("admin", "agents"))[0].Id();
        (await cloud.Get("admin", $"networks/{network}/dhcp-agents")).GetArrayLength().ShouldBe(0);
        await cloud.Send(HttpMethod.Post, $"agents/{agent}/dhcp-networks", "admin", new { network_id = network });
        (await cloud.Get("admin", $"networks/{network}/dhcp-agents")).GetArrayLength().ShouldBe(1);
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Network(network) is not null), "it is there");
        await cloud.Send(HttpMethod.Delete, $"agents/{agent}/dhcp-networks/{network}", "admin");
        (await cloud.Get("admin", $"agents/{agent}/dhcp-networks")).EnumerateArray().Select(n => n.Id()).ShouldNotContain(network);
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Network(network) is null), "it is gone");
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ADeletedProjectLeavesNothing(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind);
        var (network, subnet) = await cloud.Lan("alice");
        await cloud.Make("alice", "ports", new { network_id = network });
        var router = (await cloud.Make("alice", "routers", new { external_gateway_info = new { network_id = await cloud.Public() } })).Id();
        await cloud.Send(HttpMethod.Put, $"routers/{router}/add_router_interface", "alice", new { subnet_id = subnet });
        await cloud.Make("alice", "floatingips", new { floating_network_id = await cloud.Public() });
        await cloud.Make("alice", "security-groups", new { name = "g" });
        var scope = (await cloud.Make("alice", "address-scopes", new { name = "s", ip_version = 4 })).Id();
        await cloud.Make("alice", "subnetpools", new { name = "p", prefixes = (string[])["10.0.0.0/8"], address_scope_id = scope });
        await cloud.Make("alice", "rbac-policies", new { object_type = "network", object_id = network, action = "access_as_shared", target_tenant = "bob" });
        await cloud.Lan("bob");
        await cloud.Db.Write(async tx =>
        {
            foreach (var listener in cloud.Parts.GetServices<IProjectGone>())
            {
                await listener.ProjectGone(tx, "alice");
            }
        });
        await NetworkCloud.Until(async () => !await cloud.Db.Read(r => PurgeSteps.HasAny(r, "alice")), "all of it is gone");
        (await cloud.Get("bob", "networks?router:external=false")).GetArrayLength().ShouldBe(1);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COALESCE(SUM(used), 0) FROM quota WHERE project_id = 'alice'"))).ShouldBe(0);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM usage_span WHERE closed_at IS NULL"))).ShouldBe(0);
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Specs.Count == 1), "the node has nothing of it");
    }

    [Fact]
    public async Task AMachinesPortIsClaimedReleasedAndGuarded()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var alice = SliceHost.ActorOf("alice");
        var (network, _) = await cloud.Lan("alice");
        var external = await cloud.Public();
        var port = (await cloud.Make("alice", "ports", new { network_id = network })).Id();
        (await cloud.Db.Write(tx => cloud.Networks.ClaimPort(tx, alice, port, "s1"))).DeviceId.ShouldBe("s1");
        (await cloud.Db.Write(tx => cloud.Networks.ClaimPort(tx, alice, port, "s1"))).DeviceId.ShouldBe("s1");
        (await Should.ThrowAsync<Core.Errors.Fault>(() => cloud.Db.Write(tx => cloud.Networks.ClaimPort(tx, alice, port, "s2")))).Status.ShouldBe(409);
        (await Should.ThrowAsync<Core.Errors.Fault>(() => cloud.Db.Write(tx => cloud.Networks.ClaimPort(tx, SliceHost.ActorOf("bob"), port, "s1")))).Status.ShouldBe(404);
        await cloud.Db.Write(tx => cloud.Networks.Release(tx, port));
        (await cloud.Get("alice", "ports/" + port)).Text("device_id").ShouldBe("");
        (await Should.ThrowAsync<Core.Errors.Fault>(() => cloud.Db.Write(tx => cloud.Networks.CreatePort(tx, alice, new(PortId, external, "s", null, null))))).Kind.ShouldBe("ExternalNetworkAttachForbidden");
        var made = await cloud.Db.Write(tx => cloud.Networks.CreatePort(tx, alice, new(PortId, network, "s", "10.0.0.99", null, "tag")));
        (await cloud.Db.Write(tx => cloud.Networks.CreatePort(tx, alice, new(PortId, network, "s", "10.0.0.99", null, "tag")))).ShouldBeEquivalentTo(made);
        (made.Addresses.Single().Address, made.Tag, made.NetworkName).ShouldBe(("10.0.0.99", "tag", "lan"));
        (await cloud.Db.Read(r => cloud.Networks.Usable(r, alice))).Single().HasSubnet.ShouldBeTrue();
        var group = (await cloud.Make("alice", "security-groups", new { name = "web" })).Id();
        (await cloud.Db.Read(r => cloud.Networks.Groups(r, alice, ["web"]))).Single().Id.ShouldBe(group);
        await cloud.Make("alice", "security-groups", new { name = "web" });
        (await Should.ThrowAsync<Core.Errors.Fault>(() => cloud.Db.Read(r => cloud.Networks.Groups(r, alice, ["web"])))).Status.ShouldBe(400);
        (await Should.ThrowAsync<Core.Errors.Fault>(() => cloud.Db.Read(r => cloud.Networks.Groups(r, alice, ["nope"])))).Status.ShouldBe(404);
    }

    private static async Task Machine(NetworkCloud cloud, string network)
    {
        await cloud.Db.Write(tx => cloud.Networks.CreatePort(tx, SliceHost.ActorOf("alice"), new(PortId, network, "server", null, null)));
        await cloud.Db.Write(tx => cloud.Networks.Bind(tx, PortId, NetworkCloud.Node, "web"));
    }

    private static Task<bool> Wired(NetworkCloud cloud) => cloud.Db.Read(r => cloud.Networks.Wired(r, PortId));

    // The clock would wake them too, later.
    private static async Task Wake(NetworkCloud cloud)
    {
        for (var i = 0; i < 10; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            await cloud.Db.Write(async tx =>
            {
                foreach (var id in await tx.Query<string>("SELECT id FROM keeper"))
                {
                    await cloud.Parts.GetRequiredService<Core.Keepers.KeeperBook>().Wake(tx, id);
                }
            });
        }
    }
}

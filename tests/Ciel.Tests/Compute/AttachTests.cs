using System.Text.Json;
using Ciel.Agent.Contract;
using Ciel.Services.Compute;
using Ciel.Tests.Network;

namespace Ciel.Tests.Compute;

public class AttachTests
{
    private const string Nobody = "0194f2a0-0000-7000-8000-0000000000ff";

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task APortIsAttachedShownAndDetached(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var network = await cloud.Lan("alice");
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        var made = await Attach(cloud, id, new { net_id = network, fixed_ips = new[] { new { ip_address = "10.0.0.77" } }, tag = "blue" }, "2.70");
        (made.Text("net_id"), made.Text("tag"), made.GetProperty("fixed_ips")[0].Text("ip_address")).ShouldBe((network, "blue", "10.0.0.77"));
        var own = await Port(cloud, network);
        (await Attach(cloud, id, new { port_id = own })).Text("port_id").ShouldBe(own);
        await Settled(cloud, id, 3);
        (await Ports(cloud, id)).ShouldBe((await Machine(cloud, id)).Split(' '));
        (await cloud.Get("alice", $"servers/{id}/os-interface/{own}")).GetProperty("interfaceAttachment").Text("port_state").ShouldBe("ACTIVE");
        (await cloud.Show("alice", id)).GetProperty("addresses").GetProperty("lan").GetArrayLength().ShouldBe(3);

        foreach (var port in new[] { own, made.Text("port_id")! })
        {
            (await cloud.Try(HttpMethod.Delete, $"servers/{id}/os-interface/{port}", "alice")).Status.ShouldBe(202);
        }

        await Settled(cloud, id, 1);
        (await Machine(cloud, id)).Split(' ').Length.ShouldBe(1);
        (await cloud.Get("alice", "/network/v2.0/ports/" + own)).GetProperty("port").Text("device_id").ShouldBe("", "it was there before, and stays");
        (await cloud.Try(HttpMethod.Get, "/network/v2.0/ports/" + made.Text("port_id"), "alice")).Status.ShouldBe(404);
        var actions = (await cloud.Get("alice", $"servers/{id}/os-instance-actions")).GetProperty("instanceActions");
        actions.EnumerateArray().Select(a => a.Text("action")).ShouldBe(["detach_interface", "detach_interface", "attach_interface", "attach_interface", "create"]);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AStoppedServerTakesPortsForItsNextBoot(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        await cloud.Lan("alice");
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        await cloud.Act("alice", id, new Dictionary<string, object?> { ["os-stop"] = null });
        await cloud.Until("alice", id, "SHUTOFF");
        await Attach(cloud, id, new { });
        await Settled(cloud, id, 2);
        (await cloud.Show("alice", id)).Text("status").ShouldBe("SHUTOFF");
        await cloud.Act("alice", id, new Dictionary<string, object?> { ["os-start"] = null });
        await cloud.Until("alice", id, "ACTIVE");
        (await Ports(cloud, id)).ShouldBe((await Machine(cloud, id)).Split(' '));
        await cloud.Act("alice", id, new { reboot = new { type = "HARD" } });
        await cloud.Until("alice", id, "ACTIVE");
        (await Machine(cloud, id)).Split(' ').Length.ShouldBe(2);
    }

    [Fact]
    public async Task APortMovesFromServerToServerAndADeletedOneLeavesItsServer()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        var network = await cloud.Lan("alice");
        var (first, second) = (await cloud.Boot("alice"), await cloud.Boot("alice"));
        await cloud.Until("alice", first, "ACTIVE");
        await cloud.Until("alice", second, "ACTIVE");
        var port = await Port(cloud, network);
        foreach (var id in new[] { first, second })
        {
            await Attach(cloud, id, new { port_id = port });
            await Settled(cloud, id, 2);
            await cloud.Fails(409, HttpMethod.Post, $"servers/{id}/os-interface", "alice", Body(new { port_id = port }));
            await cloud.Send(HttpMethod.Delete, $"servers/{id}/os-interface/{port}", "alice");
            await Settled(cloud, id, 1);
        }

        await Attach(cloud, second, new { port_id = port });
        await Settled(cloud, second, 2);
        await cloud.Send(HttpMethod.Delete, "/network/v2.0/ports/" + port, "alice");
        await Settled(cloud, second, 1);
        (await Machine(cloud, second)).ShouldNotContain(port);
        await cloud.Send(HttpMethod.Delete, "servers/" + second, "alice");
        await cloud.UntilGone("alice", second);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM compute_nic"))).ShouldBe(1);
    }

    [Fact]
    public async Task AnAddressMoreAndLess()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        var network = await cloud.Lan("alice");
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        var before = await Addresses(cloud, id);
        (await cloud.Act("alice", id, new { addFixedIp = new { networkId = network } })).Status.ShouldBe(202);
        var added = (await Addresses(cloud, id)).Except(before).Single();
        (await cloud.Act("alice", id, new { removeFixedIp = new { address = added } })).Status.ShouldBe(202);
        (await Addresses(cloud, id)).ShouldBe(before);
        (await cloud.Act("alice", id, new { removeFixedIp = new { address = added } })).Status.ShouldBe(400);
        (await cloud.Act("alice", id, new { removeFixedIp = new { address = "x" } })).Status.ShouldBe(400);
        (await cloud.Act("alice", id, new { addFixedIp = new { networkId = Nobody } })).Status.ShouldBe(400);
        (await cloud.Act("bob", id, new { addFixedIp = new { networkId = network } })).Status.ShouldBe(404);
        (await cloud.Act("alice", id, new { addFixedIp = new { networkId = network } }, "2.44")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task WhatCannotBeAttachedIsRefusedInNovasWords()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        var network = await cloud.Lan("alice");
        var theirs = await cloud.Lan("bob");
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        var pages = $"servers/{id}/os-interface";
        var port = await Port(cloud, network);
        (await cloud.Fails(400, HttpMethod.Post, pages, "alice", Body(new { net_id = network, port_id = port }))).ShouldBe("Must not input both network_id and port_id");
        (await cloud.Fails(400, HttpMethod.Post, pages, "alice", Body(new { fixed_ips = new[] { new { ip_address = "10.0.0.9" } } })))
            .ShouldBe("Must input network_id when request IP address");
        foreach (var wrong in new object[] { new { net_id = 7 }, new { net_id = "x" }, new { port_id = "" }, new { fixed_ips = "x" }, new { tag = "t" }, new { net_id = network, fixed_ips = Array.Empty<string>() } })
        {
            await cloud.Fails(400, HttpMethod.Post, pages, "alice", Body(wrong));
        }

        await cloud.Fails(400, HttpMethod.Post, pages, "alice", Body(new { net_id = network, fixed_ips = new[] { new { ip_address = "10.9.9.9" } } }));
        await cloud.Fails(404, HttpMethod.Post, pages, "alice", Body(new { net_id = theirs }));
        await cloud.Fails(404, HttpMethod.Post, pages, "alice", Body(new { port_id = Nobody }));
        await cloud.Fails(404, HttpMethod.Post, pages, "bob", Body(new { net_id = theirs }));
        await cloud.Fails(403, HttpMethod.Post, pages, "alice:reader", Body(new { net_id = network }));
        await cloud.Fails(404, HttpMethod.Delete, $"{pages}/{Nobody}", "alice");
        await cloud.Fails(404, HttpMethod.Get, $"{pages}/{port}", "alice");
        await cloud.Lan("alice", "10.1.0.0/24");
        (await cloud.Fails(400, HttpMethod.Post, pages, "alice", Body(new { }))).ShouldContain("Multiple possible networks found");
        (await Ports(cloud, id)).Length.ShouldBe(1);
    }

    private static object Body(object wish) => new { interfaceAttachment = wish };

    private static async Task<JsonElement> Attach(ComputeCloud cloud, string id, object wish, string? version = null) =>
        (await cloud.Send(HttpMethod.Post, $"servers/{id}/os-interface", "alice", Body(wish), version)).GetProperty("interfaceAttachment");

    private static async Task<string> Port(ComputeCloud cloud, string network) =>
        (await cloud.Send(HttpMethod.Post, "/network/v2.0/ports", "alice", new { port = new { network_id = network } })).GetProperty("port").Id();

    private static async Task<string[]> Ports(ComputeCloud cloud, string id) =>
        [.. (await cloud.Get("alice", $"servers/{id}/os-interface")).GetProperty("interfaceAttachments").EnumerateArray().Select(p => p.Text("port_id")!)];

    private static async Task<string[]> Addresses(ComputeCloud cloud, string id) =>
        [.. (await cloud.Show("alice", id)).GetProperty("addresses").GetProperty("lan").EnumerateArray().Select(a => a.Text("addr")!)];

    private static async Task<string> Machine(ComputeCloud cloud, string id) =>
        (await cloud.Nodes[0].Inventory(TestContext.Current.CancellationToken)).Single(r => r.Name == ObjectName.Machine(id)).Facts![FactKeys.Ports];

    // Every port is as it was asked for, and there are that many.
    private static Task Settled(ComputeCloud cloud, string id, int count) => NetworkCloud.Until(
        async () =>
        {
            var nics = await cloud.Db.Read(r => ServerStore.Nics(r, id));
            return nics.Count == count && nics.TrueForAll(n => n.State == NicStates.Plugged);
        },
        $"the ports of {id} are not settled");
}

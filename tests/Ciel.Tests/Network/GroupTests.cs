namespace Ciel.Tests.Network;

/// <summary>Security groups over HTTP, and how their changes reach the nodes.</summary>
public class GroupTests
{
    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task EveryProjectHasItsDefaultGroupOnce(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var lists = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => cloud.Get("alice", "security-groups")));
        lists.Select(l => l[0].Id()).Distinct().Count().ShouldBe(1);
        var group = lists[0][0];
        group.Text("name").ShouldBe("default");
        group.GetProperty("security_group_rules").GetArrayLength().ShouldBe(4);
        (await cloud.Fails(HttpMethod.Delete, "security-groups/" + group.Id(), "alice")).ShouldBe((409, "SecurityGroupCannotRemoveDefault"));
        (await cloud.Fails(HttpMethod.Post, "security-groups", "alice", new { security_group = new { name = "default" } })).Status.ShouldBe(409);
        var other = (await cloud.Make("alice", "security-groups", new { name = "web" })).Id();
        (await cloud.Fails(HttpMethod.Put, "security-groups/" + other, "alice", new { security_group = new { name = "default" } })).Status.ShouldBe(409);
        (await cloud.Get("alice", "quotas/alice/details")).GetProperty("security_group_rule").GetProperty("used").GetInt64().ShouldBe(6);
        await cloud.Send(HttpMethod.Delete, "security-groups/" + other, "alice");
        await cloud.Send(HttpMethod.Delete, "security-groups/" + group.Id(), "admin");
    }

    [Fact]
    public async Task TheSameRuleIsNotMadeTwice()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var group = (await cloud.Make("alice", "security-groups", new { name = "web" })).Id();
        object Rule(object protocol) => new { security_group_rule = new { security_group_id = group, direction = "ingress", protocol, port_range_min = 66, port_range_max = 67 } };
        await cloud.Send(HttpMethod.Post, "security-group-rules", "alice", Rule("tcp"));
        (await cloud.Fails(HttpMethod.Post, "security-group-rules", "alice", Rule("tcp"))).ShouldBe((409, "SecurityGroupRuleExists"));
        (await cloud.Fails(HttpMethod.Post, "security-group-rules", "alice", Rule(6))).Status.ShouldBe(409);
        (await cloud.Send(HttpMethod.Post, "security-group-rules", "alice", Rule(17))).GetProperty("security_group_rule").Text("protocol").ShouldBe("17");
        (await cloud.Fails(HttpMethod.Put, "security-group-rules/x", "alice", Rule("tcp"))).Status.ShouldBe(404);
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ARuleOpensLiveAndMembersOfOtherNetworksAreAdmitted(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind);
        var alice = SliceHost.ActorOf("alice");
        var (one, _) = await cloud.Lan("alice", "10.1.0.0/24");
        var (two, _) = await cloud.Lan("alice", "10.2.0.0/24");
        var web = (await cloud.Make("alice", "security-groups", new { name = "web" })).Id();
        var db = (await cloud.Make("alice", "security-groups", new { name = "db" })).Id();
        async Task<string> Machine(string id, string network, string group)
        {
            var port = await cloud.Db.Write(tx => cloud.Networks.CreatePort(tx, alice, new($"00000000-0000-7000-8000-{id}", network, "server-" + id, null, [group])));
            await cloud.Db.Write(tx => cloud.Networks.Bind(tx, port.Id, NetworkCloud.Node, "host-" + id));
            await NetworkCloud.Until(() => cloud.Db.Read(r => cloud.Networks.Wired(r, port.Id)), "wired");
            return port.Addresses[0].Address;
        }

        await Machine("000000000001", one, db);
        cloud.Agent.Network(one)!.Ports.Single().Rules.ShouldAllBe(r => !r.Ingress);
        var rule = (await cloud.Make("alice", "security-group-rules", new { security_group_id = db, direction = "ingress", protocol = "tcp", port_range_min = 5432, port_range_max = 5432, remote_group_id = web })).Id();
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Network(one)!.Ports.Single().Rules.Any(r => r.RemoteGroup == web)), "the rule is there");
        cloud.Agent.Network(one)!.Groups[web].ShouldBeEmpty();
        var member = await Machine("000000000002", two, web);
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Network(one)!.Groups[web].SequenceEqual([member + "/32"])), "the member is admitted");
        await cloud.Db.Write(tx => cloud.Networks.DeletePort(tx, "00000000-0000-7000-8000-000000000002"));
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Network(one)!.Groups[web].Count == 0), "the member is forgotten");
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Network(two) is null), "its network is gone from the node");
        await cloud.Send(HttpMethod.Delete, "security-group-rules/" + rule, "alice");
        await NetworkCloud.Until(() => Task.FromResult(cloud.Agent.Network(one)!.Ports.Single().Rules.All(r => r.RemoteGroup is null)), "the rule is gone");
        (await cloud.Fails(HttpMethod.Delete, "security-groups/" + db, "alice")).ShouldBe((409, "SecurityGroupInUse"));
    }
}

using Ciel.Agent.Contract;
using Ciel.Agent.Simulated;
using Ciel.Services.Compute;
using Ciel.Tests.Network;

namespace Ciel.Tests.Compute;

public class ServerLifeTests
{
    private const string Kept = ComputeMeters.Allocated + " " + ComputeMeters.Disk;
    private const string AllMeters = Kept + " " + ComputeMeters.Running;

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AServerIsCreatedRunsAndIsDeletedWithItsSpansAndQuota(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var network = await cloud.Lan("alice");
        var id = await cloud.Boot("alice", new { networks = new[] { new { uuid = network } }, metadata = new { role = "web" } });
        (await cloud.Used("alice")).ShouldBe((1, 1, 128));
        var server = await cloud.Until("alice", id, "ACTIVE");
        server.GetProperty("OS-EXT-STS:power_state").GetInt32().ShouldBe(1);
        server.GetProperty("addresses").GetProperty("lan")[0].Text("OS-EXT-IPS:type").ShouldBe("fixed");
        server.GetProperty("security_groups")[0].Text("name").ShouldBe("default");
        (await cloud.Spans(id)).Open.ShouldBe(AllMeters);

        (await cloud.Try(HttpMethod.Delete, "servers/" + id, "alice")).Status.ShouldBe(204);
        (await cloud.Spans(id)).Open.ShouldBeEmpty("what is paid ends with the accepted delete");
        await cloud.UntilGone("alice", id);
        (await cloud.Used("alice")).ShouldBe((0, 0, 0));
        (await cloud.Nodes[0].Inventory(TestContext.Current.CancellationToken)).ShouldNotContain(r => r.Name == ObjectName.Machine(id));
        (await cloud.Get("alice", "/network/v2.0/ports?device_id=" + id)).GetProperty("ports").GetArrayLength().ShouldBe(0);
        var gone = (await cloud.Get("admin", "servers/detail?all_tenants=1&deleted=true&uuid=" + id)).GetProperty("servers")[0];
        gone.Text("status").ShouldBe("DELETED");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AServerStopsStartsAndReboots(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");

        (await cloud.Act("alice", id, new Dictionary<string, object?> { ["os-stop"] = null })).Status.ShouldBe(202);
        await cloud.Until("alice", id, "SHUTOFF");
        (await cloud.Spans(id)).ShouldBe((Kept, ComputeMeters.Running));
        (await cloud.Act("alice", id, new { reboot = new { type = "SOFT" } })).Status.ShouldBe(409);

        (await cloud.Act("alice", id, new Dictionary<string, object?> { ["os-start"] = null })).Status.ShouldBe(202);
        await cloud.Until("alice", id, "ACTIVE");
        (await cloud.Act("alice", id, new { reboot = new { type = "HARD" } })).Status.ShouldBe(202);
        await cloud.Until("alice", id, "ACTIVE");
        (await cloud.Act("alice", id, new { reboot = new { type = "SOFT" } })).Status.ShouldBe(202);
        await cloud.Until("alice", id, "ACTIVE");
        var machine = (await cloud.Nodes[0].Inventory(TestContext.Current.CancellationToken)).Single(r => r.Name == ObjectName.Machine(id));
        machine.Facts![FactKeys.Boots].ShouldBe("4");
        (await cloud.Spans(id)).Open.ShouldBe(AllMeters);

        var actions = (await cloud.Get("alice", $"servers/{id}/os-instance-actions")).GetProperty("instanceActions");
        actions.EnumerateArray().Select(a => a.Text("action")).ShouldBe(["reboot", "reboot", "start", "stop", "create"]);
        var shown = (await cloud.Get("alice", $"servers/{id}/os-instance-actions/{actions[0].Text("request_id")}", "2.62")).GetProperty("instanceAction");
        shown.GetProperty("events")[0].Text("result").ShouldBe("Success");
    }

    [Fact]
    public async Task ARebootThatFailsIsBilledUntilItFailed()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        cloud.Nodes[0].FailNext(ObjectName.Machine(id), "The disk is full.");
        (await cloud.Act("alice", id, new { reboot = new { type = "HARD" } })).Status.ShouldBe(202);
        (await cloud.Until("alice", id, "ERROR")).GetProperty("fault").Text("message").ShouldBe("The disk is full.");
        var failed = (await cloud.Nodes[0].Inventory(TestContext.Current.CancellationToken)).Single(r => r.Name == ObjectName.Machine(id));
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT closed_at FROM usage_span WHERE resource_id = @id AND meter = @meter", new { id, meter = ComputeMeters.Running })))
            .ShouldBeLessThanOrEqualTo(failed.SinceMicros);
    }

    [Fact]
    public async Task AGuestThatPowersOffIsShutOffAndStaysSo()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        cloud.Nodes[0].PowerOffFromInside(ObjectName.Machine(id));
        var server = await cloud.Until("alice", id, "SHUTOFF");
        server.GetProperty("OS-EXT-STS:power_state").GetInt32().ShouldBe(4);
        (await cloud.Spans(id)).ShouldBe((Kept, ComputeMeters.Running));
        (await cloud.Act("alice", id, new Dictionary<string, object?> { ["os-start"] = null })).Status.ShouldBe(202);
        await cloud.Until("alice", id, "ACTIVE");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AMachineThatDoesNotBootLeavesAFaultAndNothingOnTheNode(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind, new SimulatedAgentOptions { Node = "n1", FailureChance = 1 });
        await cloud.Lan("alice");
        var id = await cloud.Boot("alice");
        var server = await cloud.Until("alice", id, "ERROR");
        server.GetProperty("fault").Text("message").ShouldBe("The simulated machine did not boot.");
        await NetworkCloud.Until(
            async () => (await cloud.Nodes[0].Inventory(TestContext.Current.CancellationToken)).All(r => r.Name != ObjectName.Machine(id)), "the machine is left");
        (await cloud.Spans(id)).ShouldBe(("", ""));
        (await cloud.Act("alice", id, new Dictionary<string, object?> { ["os-start"] = null })).Status.ShouldBe(409);
        await NetworkCloud.Until(
            async () => (await cloud.Get("alice", "/network/v2.0/ports?device_id=" + id)).GetProperty("ports").GetArrayLength() == 0, "the port is left");
        (await cloud.Used("alice")).Instances.ShouldBe(1);
        await cloud.Send(HttpMethod.Delete, "servers/" + id, "alice");
        await cloud.UntilGone("alice", id);
        (await cloud.Used("alice")).ShouldBe((0, 0, 0));
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task WithoutRoomAServerRestsInError(string kind)
    {
        await using var cloud = await ComputeCloud.Start(
            kind, new SimulatedAgentOptions { Node = "n1", MemoryMiB = 200 }, new SimulatedAgentOptions { Node = "n2", MemoryMiB = 300 });
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await cloud.Boot("alice"));
        }

        var states = new List<string>();
        foreach (var id in ids)
        {
            await NetworkCloud.Until(async () => (await cloud.Show("alice", id)).Text("status") is "ACTIVE" or "ERROR", "it is not settled");
            states.Add((await cloud.Show("alice", id)).Text("status")!);
        }

        states.Count(s => s == "ACTIVE").ShouldBe(3);
        var failed = await cloud.Until("alice", ids[states.IndexOf("ERROR")], "ERROR");
        failed.GetProperty("fault").Text("message")!.ShouldStartWith("No valid host was found.");
    }

    [Fact]
    public async Task ADeleteArrivesWhileTheServerIsBuilt()
    {
        await using var cloud = await ComputeCloud.Start(
            "sqlite", new SimulatedAgentOptions { Node = "n1", Fetch = TimeSpan.FromMilliseconds(50), Boot = TimeSpan.FromMilliseconds(50) });
        var id = await cloud.Boot("alice");
        await cloud.Send(HttpMethod.Delete, "servers/" + id, "alice");
        await cloud.UntilGone("alice", id);
        (await cloud.Spans(id)).ShouldBe(("", ""));
        (await cloud.Used("alice")).ShouldBe((0, 0, 0));
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ASnapshotBecomesAnImage(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        var image = (await cloud.Act("alice", id, new { createImage = new { name = "copy", metadata = new { a = "b", image_type = "golden" } } }, "2.45")).Body.Text("image_id")!;
        (await cloud.Act("alice", id, new { createImage = new { name = "twice" } })).Status.ShouldBeOneOf(202, 409);
        await cloud.Until("alice", id, "ACTIVE");
        await NetworkCloud.Until(() => Task.FromResult(cloud.Images.All[image].Status == "active"), "no image");
        cloud.Images.All[image].Properties["instance_uuid"].ShouldBe(id);
        cloud.Images.All[image].Properties["a"].ShouldBe("b");
        cloud.Images.All[image].Properties["image_type"].ShouldBe("golden", "what the owner says goes before what is said by itself");
        cloud.Images.All[image].Properties["os_distro"].ShouldBe("cirros");
        await NetworkCloud.Until(async () => await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM compute_snapshot")) == 0, "the copy is left");
        await cloud.Boot("alice", new { imageRef = image });
    }

    [Fact]
    public async Task AFailedSnapshotKillsItsImageAndFreesTheServer()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        cloud.Images.Full = true;
        var image = (await cloud.Act("alice", id, new { createImage = new { name = "copy" } }, "2.45")).Body.Text("image_id")!;
        await cloud.Until("alice", id, "ACTIVE");
        cloud.Images.All[image].Status.ShouldBe("killed");
    }

    [Fact]
    public async Task ADeleteEndsACopyUnderWay()
    {
        await using var cloud = await ComputeCloud.Start("sqlite", new SimulatedAgentOptions { Node = "n1", Snapshot = TimeSpan.FromMinutes(10) });
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        var image = (await cloud.Act("alice", id, new { createImage = new { name = "copy" } }, "2.45")).Body.Text("image_id")!;
        await cloud.Send(HttpMethod.Delete, "servers/" + id, "alice");
        await cloud.UntilGone("alice", id);
        cloud.Images.All[image].Status.ShouldBe("killed");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AResizeIsConfirmedOrReverted(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        await cloud.Send(HttpMethod.Post, $"servers/{id}/action", "alice", new { resize = new { flavorRef = "2" } });
        await cloud.Until("alice", id, "VERIFY_RESIZE");
        (await cloud.Used("alice")).ShouldBe((1, 1, 2048));
        await cloud.Send(HttpMethod.Post, $"servers/{id}/action", "alice", new Dictionary<string, object?> { ["revertResize"] = null });
        (await cloud.Until("alice", id, "ACTIVE")).GetProperty("flavor").Id().ShouldBe("42");
        (await cloud.Used("alice")).ShouldBe((1, 1, 128));
        await cloud.Send(HttpMethod.Post, $"servers/{id}/action", "alice", new { resize = new { flavorRef = "3" } });
        await cloud.Until("alice", id, "VERIFY_RESIZE");
        (await cloud.Act("alice", id, new Dictionary<string, object?> { ["confirmResize"] = null })).Status.ShouldBe(204);
        (await cloud.Until("alice", id, "ACTIVE")).GetProperty("flavor").Id().ShouldBe("3");
        (await cloud.Used("alice")).ShouldBe((1, 2, 4096));
        (await cloud.Spans(id)).Open.ShouldBe(AllMeters);
    }

    [Fact]
    public async Task ARebuildGivesAFreshDiskUnderTheSameAddress()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        await cloud.Lan("alice");
        var id = await cloud.Boot("alice", new { flavorRef = "2" });
        var before = (await cloud.Until("alice", id, "ACTIVE")).GetProperty("addresses").GetRawText();
        var answer = await cloud.Act("alice", id, new { rebuild = new { imageRef = TestImages.Demanding, name = "again" } });
        answer.Status.ShouldBe(202, answer.Text);
        answer.Body.GetProperty("server").Text("adminPass")!.Length.ShouldBe(12);
        var after = await cloud.Until("alice", id, "ACTIVE");
        (after.Text("name"), after.GetProperty("image").Id()).ShouldBe(("again", TestImages.Demanding));
        after.GetProperty("addresses").GetRawText().ShouldBe(before);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AFlavorsFurtherDisksAreOnTheMachineAndOnTheNodesBill(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var flavor = new Dictionary<string, object> { ["name"] = "more", ["ram"] = 128, ["vcpus"] = 1, ["disk"] = 1, ["OS-FLV-EXT-DATA:ephemeral"] = 2, ["swap"] = 512 };
        var more = (await cloud.Send(HttpMethod.Post, "flavors", "admin", new { flavor })).GetProperty("flavor").Id();
        var id = await cloud.Boot("alice", new { flavorRef = more });
        await cloud.Until("alice", id, "ACTIVE");
        var host = (await cloud.Get("admin", "os-hypervisors/detail")).GetProperty("hypervisors")[0];
        host.GetProperty("local_gb_used").GetInt32().ShouldBe(4, "1 GiB of root disk, 2 of ephemeral disk, and of swap the half GiB that began");
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT quantity FROM usage_span WHERE resource_id = @id AND meter = @meter", new { id, meter = ComputeMeters.Disk }))).ShouldBe(4);
        (await cloud.Act("alice", id, new { resize = new { flavorRef = "2" } })).Status.ShouldBe(400, "its ephemeral disk would shrink");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task APausedServerStandsStillUntilItIsUnpausedOrRebootedOrDeleted(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var (pause, unpause) = (new Dictionary<string, object?> { ["pause"] = null }, new Dictionary<string, object?> { ["unpause"] = null });
        await cloud.Lan("alice");
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        (await cloud.Act("alice", id, unpause)).Status.ShouldBe(409);
        (await cloud.Act("bob", id, pause)).Status.ShouldBe(404);
        (await cloud.Act("alice:reader", id, pause)).Status.ShouldBe(403);
        (await cloud.Act("alice", id, pause)).Status.ShouldBe(202);
        (await cloud.Until("alice", id, "PAUSED")).GetProperty("OS-EXT-STS:power_state").GetInt32().ShouldBe(3);
        (await cloud.Spans(id)).ShouldBe((AllMeters, ""), "it keeps its place and its memory");
        foreach (var wrong in new object[] { pause, new { reboot = new { type = "SOFT" } }, new Dictionary<string, object?> { ["os-stop"] = null }, new { resize = new { flavorRef = "2" } } })
        {
            (await cloud.Act("alice", id, wrong)).Status.ShouldBe(409);
        }

        (await cloud.Act("alice", id, new { createImage = new { name = "copy" } })).Status.ShouldBe(202);
        await cloud.Until("alice", id, "PAUSED");
        (await cloud.Act("alice", id, unpause)).Status.ShouldBe(202);
        await cloud.Until("alice", id, "ACTIVE");
        await cloud.Act("alice", id, pause);
        await cloud.Until("alice", id, "PAUSED");
        (await cloud.Act("alice", id, new { reboot = new { type = "HARD" } })).Status.ShouldBe(202);
        await cloud.Until("alice", id, "ACTIVE");
        await cloud.Act("alice", id, pause);
        await cloud.Until("alice", id, "PAUSED");
        cloud.Nodes[0].Crash(ObjectName.Machine(id));
        await cloud.Until("alice", id, "SHUTOFF");
        await cloud.Send(HttpMethod.Delete, "servers/" + id, "alice");
        await cloud.UntilGone("alice", id);
        (await cloud.Spans(id)).Open.ShouldBeEmpty();
    }
}

using Ciel.Services.Compute;
using CsCheck;
using static Ciel.Tests.Compute.SampleServer;

namespace Ciel.Tests.Compute;

public class PlacementTests
{
    private static readonly ComputeOptions Options = new() { CpuRatio = 2 };
    private static readonly PlacementWish Small = new(1, 128, 1, "", null, null, new HashSet<string>(), new Dictionary<string, int>());

    [Fact]
    public void TheEmptiestNodeIsTaken() => Placement.Pick(
        [Host("a") with { UsedMemoryMib = 2048 }, Host("b") with { UsedMemoryMib = 1024 }, Host("c") with { UsedVcpus = 7 }], Small, Options)!
        .Name.ShouldBe("b");

    [Fact]
    public void EqualNodesGoByName() => Placement.Pick([Host("b"), Host("a")], Small, Options)!.Name.ShouldBe("a");

    [Fact]
    public void FullDisabledAndDeadNodesAreNotTaken() => Placement.Pick(
        [
            Host("cpu") with { UsedVcpus = 8 },
            Host("memory") with { UsedMemoryMib = 4000 },
            Host("disk") with { UsedDiskGib = 100 },
            Host("off") with { Disabled = true },
            Host("gone") with { Up = false },
            Host("forced") with { ForcedDown = true },
        ],
        Small,
        Options).ShouldBeNull();

    [Fact]
    public void TheWishIsMet()
    {
        HostRow[] hosts = [Host("a"), Host("b") with { Zone = "west" }, Host("c") with { UsedMemoryMib = 2048 }];
        Placement.Pick(hosts, Small with { Zone = "west" }, Options)!.Name.ShouldBe("b");
        Placement.Pick(hosts, Small with { Host = "c" }, Options)!.Name.ShouldBe("c");
        Placement.Pick(hosts, Small with { Only = new HashSet<string> { "c" } }, Options)!.Name.ShouldBe("c");
        Placement.Pick(hosts, Small with { Never = new HashSet<string> { "a", "b" } }, Options)!.Name.ShouldBe("c");
        Placement.Pick(hosts, Small with { Rather = new Dictionary<string, int> { ["c"] = 1 } }, Options)!.Name.ShouldBe("c");
        Placement.Pick(hosts, Small with { Zone = "east" }, Options).ShouldBeNull();
    }

    [Fact]
    public void NoRowOfPlacementsOverfillsANode() => Gen.Select(Gen.Int[1, 4], Gen.Int[1, 2048], Gen.Int[0, 40]).Array[1, 60].Sample(wishes =>
    {
        var hosts = new[] { Host("a"), Host("b", 2, 1024, 30) };
        foreach (var (vcpus, memory, disk) in wishes)
        {
            if (Placement.Pick(hosts, Small with { Vcpus = vcpus, MemoryMib = memory, DiskGib = disk }, Options) is { } chosen)
            {
                hosts = [.. hosts.Select(h => h.Name != chosen.Name ? h : h with
                {
                    UsedVcpus = h.UsedVcpus + vcpus,
                    UsedMemoryMib = h.UsedMemoryMib + memory,
                    UsedDiskGib = h.UsedDiskGib + disk,
                })];
            }
        }

        return hosts.All(h => h.UsedVcpus <= h.Facts.Vcpus * 2 && h.UsedMemoryMib <= h.Facts.MemoryMiB && h.UsedDiskGib <= h.Facts.DiskGiB);
    });

    [Fact]
    public async Task ANodeWithServersJoinsAZoneButItsZoneIsNotRenamedUnderThem()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        await cloud.Until("alice", await cloud.Boot("alice"), "ACTIVE");
        var zone = await cloud.Send(HttpMethod.Post, "os-aggregates", "admin", new { aggregate = new { name = "a", availability_zone = "east" } });
        var actions = $"os-aggregates/{zone.GetProperty("aggregate").GetProperty("id").GetInt64()}/action";
        await cloud.Send(HttpMethod.Post, actions, "admin", new { add_host = new { host = "n1" } });
        (await cloud.Fails(409, HttpMethod.Post, actions, "admin", new { set_metadata = new { metadata = new { availability_zone = "west" } } })).ShouldContain("contain instances");
    }
}

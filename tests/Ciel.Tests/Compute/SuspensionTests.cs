using Ciel.Services.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Compute;

/// <summary>A suspended project's servers stop, and only those start again that the suspension had stopped.</summary>
public class SuspensionTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task What_ran_stops_and_starts_again_and_what_its_user_had_stopped_stays(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var (running, stopped, other) = (await cloud.Boot("alice"), await cloud.Boot("alice"), await cloud.Boot("bob"));
        await cloud.Until("alice", running, "ACTIVE");
        await cloud.Until("alice", stopped, "ACTIVE");
        await cloud.Until("bob", other, "ACTIVE");
        (await cloud.Act("alice", stopped, new Dictionary<string, object?> { ["os-stop"] = null })).Status.ShouldBe(202);
        await cloud.Until("alice", stopped, "SHUTOFF");

        var compute = cloud.Parts.GetServices<IProjectSuspended>().Single();
        for (var i = 0; i < 2; i++)
        {
            await cloud.Db.Write(tx => compute.Suspended(tx, "alice"));
            await cloud.Until("alice", running, "SHUTOFF");
        }

        (await cloud.Spans(running)).Closed.ShouldBe(Services.Compute.ComputeMeters.Running);
        (await cloud.Show("bob", other)).GetProperty("status").GetString().ShouldBe("ACTIVE");

        await cloud.Db.Write(tx => compute.Resumed(tx, "alice"));
        await cloud.Until("alice", running, "ACTIVE");
        (await cloud.Show("alice", stopped)).GetProperty("status").GetString().ShouldBe("SHUTOFF");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task A_suspension_that_ends_at_once_leaves_the_server_running(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        var compute = cloud.Parts.GetServices<IProjectSuspended>().Single();
        await cloud.Db.Write(tx => compute.Suspended(tx, "alice"));
        await cloud.Db.Write(tx => compute.Resumed(tx, "alice"));
        await cloud.Until("alice", id, "ACTIVE");
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM compute_suspended"))).ShouldBe(0);
    }
}

using System.Text.Json;
using Ciel.Services.Compute;
using static Ciel.Tests.Compute.SampleServer;

namespace Ciel.Tests.Compute;

public class ServerMovesTests
{
    private static readonly Flavor Large = new() { Id = "4", Name = "m1.large", Vcpus = 4, MemoryMib = 8192, DiskGib = 80 };

    [Fact]
    public void AServerIsBuiltAndRuns()
    {
        (ServerStatus.Of(Building), Building.Runs, Building.Allocated).ShouldBe(("BUILD", false, false));
        (ServerStatus.Of(Active), Active.Runs, Active.Allocated, Active.TaskState, Active.Node).ShouldBe(("ACTIVE", true, true, null, "n1"));
        Active.LaunchedAt.ShouldBe(Now);
        Active.Launched(Now + 5).LaunchedAt.ShouldBe(Now, "a later boot is no new launch");
    }

    [Fact]
    public void AStoppedServerKeepsItsPlaceAndDoesNotRun()
    {
        var stopped = Active.Halted(Now + 1);
        (ServerStatus.Of(stopped), stopped.Runs, stopped.Allocated, stopped.DesiredOn).ShouldBe(("SHUTOFF", false, true, false));
    }

    [Fact]
    public void AGuestThatPowersOffDuringACopyLeavesTheCopyAlone() =>
        (Active with { TaskState = TaskStates.ImageSnapshot }).Halted(Now).TaskState.ShouldBe(TaskStates.ImageSnapshot);

    [Fact]
    public void AFailureRestsInErrorAndNeitherRunsNorTurnsActive()
    {
        var failed = Building.Failed(new string('x', 300), Now);
        (ServerStatus.Of(failed), failed.Runs, failed.TaskState, failed.FaultMessage!.Length, failed.FaultDetails!.Length)
            .ShouldBe(("ERROR", false, null, 255, 300));
        failed.Scrapped().Node.ShouldBeNull();
    }

    [Fact]
    public void AnAcceptedDeleteEndsWhatIsPaidAtOnce()
    {
        var deleting = Active.Deletes(Now + 9);
        (deleting.Runs, deleting.Allocated, deleting.TerminatedAt, deleting.TaskState).ShouldBe((false, false, Now + 9, TaskStates.Deleting));
        var gone = deleting.Deleted(Now + 20);
        (ServerStatus.Of(gone), gone.TerminatedAt, gone.DeletedAt).ShouldBe(("DELETED", Now + 9, Now + 20));
        ServerQuota.Holds(gone).ShouldBe(new QuotaShare(0, 0, 0));
    }

    [Fact]
    public void EveryIntentOutranksTheOneBefore() => Active.Intends(TaskStates.PoweringOff).Generation.ShouldBe(Active.Generation + 1);

    [Fact]
    public void AResizeHoldsBothFlavorsUntilItIsConfirmed()
    {
        var asked = Active.Resizes(Large);
        (ServerStatus.Of(asked), asked.Shape.Name).ShouldBe(("RESIZE", "m1.nano"));
        ServerQuota.Holds(asked).ShouldBe(new QuotaShare(1, 4, 8192));
        var grown = asked.Grown();
        (grown.Vcpus, grown.MemoryMib, grown.DiskGib).ShouldBe((4, 8192, 80));
        var swapped = grown.Halted(Now).Swapped() with { TaskState = TaskStates.ResizeFinish };
        (swapped.Shape.Name, swapped.OtherShape!.Name, swapped.Boots).ShouldBe(("m1.large", "m1.nano", Active.Boots + 1));
        var resized = swapped.Resized(runs: true, Now);
        (ServerStatus.Of(resized), resized.Runs).ShouldBe(("VERIFY_RESIZE", true));
        var confirmed = resized.Settled();
        (ServerStatus.Of(confirmed), confirmed.OtherFlavorCopy, confirmed.Vcpus).ShouldBe(("ACTIVE", null, 4));
    }

    [Fact]
    public void ARevertedResizeIsAsBeforeButKeepsTheLargerDisk()
    {
        var resized = (Active.Resizes(Large).Grown().Halted(Now).Swapped() with { TaskState = TaskStates.ResizeFinish }).Resized(runs: true, Now);
        var reverted = resized.Intends(TaskStates.ResizeReverting).Swapped().Launched(Now).Settled();
        (ServerStatus.Of(reverted), reverted.Shape.Name, reverted.FlavorId, reverted.Vcpus, reverted.DiskGib).ShouldBe(("ACTIVE", "m1.nano", "42", 1, 80));
        ServerQuota.Holds(reverted).ShouldBe(ServerQuota.Holds(Active));
    }

    [Fact]
    public void AResizeWithoutRoomChangesNothing()
    {
        var back = Active.Resizes(Large).Unresized();
        (back with { Generation = Active.Generation }).ShouldBe(Active);
    }

    [Theory]
    [InlineData(TaskStates.Rebooting, "REBOOT")]
    [InlineData(TaskStates.RebootingHard, "HARD_REBOOT")]
    [InlineData(TaskStates.Rebuilding, "REBUILD")]
    [InlineData(TaskStates.RebuildSpawning, "REBUILD")]
    [InlineData(TaskStates.PoweringOff, "ACTIVE")]
    [InlineData(TaskStates.ImageSnapshot, "ACTIVE")]
    [InlineData(TaskStates.Deleting, "ACTIVE")]
    public void TheStatusOfAnActiveServerTellsItsTask(string task, string status) => ServerStatus.Of(Active with { TaskState = task }).ShouldBe(status);

    [Fact]
    public void ShapesSurviveTheirColumn() => JsonSerializer.Deserialize(Shape(vcpus: 3), ComputeJson.Default.Shape)!.Vcpus.ShouldBe(3);
}

using Ciel.Core.Errors;
using Ciel.Services.Compute;
using static Ciel.Tests.Compute.SampleServer;

namespace Ciel.Tests.Compute;

public class ServerRulesTests
{
    private static readonly Server Stopped = Active.Halted(Now);

    public static TheoryData<string, string, bool> Table => new()
    {
        { "start", VmStates.Stopped, true }, { "start", VmStates.Active, false }, { "start", VmStates.Error, false },
        { "stop", VmStates.Active, true }, { "stop", VmStates.Stopped, false }, { "stop", VmStates.Error, true },
        { "reboot", VmStates.Active, true }, { "reboot", VmStates.Stopped, false },
        { "reboot_hard", VmStates.Stopped, true }, { "reboot_hard", VmStates.Error, true }, { "reboot_hard", VmStates.Building, false },
        { "createImage", VmStates.Stopped, true }, { "createImage", VmStates.Building, false }, { "createImage", VmStates.Error, false },
        { "rebuild", VmStates.Error, true }, { "rebuild", VmStates.Building, false },
        { "resize", VmStates.Active, true }, { "resize", VmStates.Error, false }, { "confirmResize", VmStates.Active, false },
        { "revertResize", VmStates.Resized, true }, { "delete", VmStates.Building, true }, { "delete", VmStates.Error, true },
    };

    [Theory, MemberData(nameof(Table))]
    public void EachVerbBeginsInItsStatesOnly(string verb, string state, bool allowed)
    {
        var server = Active with { VmState = state };
        if (allowed)
        {
            Should.NotThrow(() => ServerRules.Check(server, verb));
            return;
        }

        var fault = Should.Throw<Fault>(() => ServerRules.Check(server, verb));
        fault.Status.ShouldBe(409);
        fault.Message.ShouldBe($"Cannot '{(verb == "reboot_hard" ? "reboot" : verb)}' instance {server.Id} while it is in vm_state {state}");
    }

    [Fact]
    public void AServerAtWorkTakesNoOtherWork() =>
        Should.Throw<Fault>(() => ServerRules.Check(Active.Intends(TaskStates.PoweringOff), "stop"))
            .Message.ShouldBe($"Cannot 'stop' instance {Active.Id} while it is in task_state powering-off");

    [Fact]
    public void AHardRebootOvertakesASoftOne()
    {
        Should.NotThrow(() => ServerRules.Check(Active.Intends(TaskStates.Rebooting), "reboot_hard"));
        Should.Throw<Fault>(() => ServerRules.Check(Active.Intends(TaskStates.Rebooting), "reboot"));
        Should.Throw<Fault>(() => ServerRules.Check(Stopped.Intends(TaskStates.PoweringOn), "reboot_hard"));
    }

    [Fact]
    public void AFailedBuildCanOnlyBeDeleted()
    {
        var scrapping = Building.PlacedOn("n1", "nova").Failed("x", Now);
        foreach (var server in (Server[])[scrapping, scrapping.Scrapped()])
        {
            Should.NotThrow(() => ServerRules.Check(server, "delete"));
            foreach (var verb in (string[])["stop", "reboot_hard", "rebuild"])
            {
                Should.Throw<Fault>(() => ServerRules.Check(server, verb), $"{verb} on {server.Node ?? "no node"}").Status.ShouldBe(409);
            }
        }
    }

    [Fact]
    public void ALockKeepsAllButAdministratorsOut()
    {
        var locked = Active with { LockedBy = "owner" };
        Should.Throw<Fault>(() => ServerRules.CheckUnlocked(locked, admin: false)).Message.ShouldBe($"Instance {Active.Id} is locked");
        Should.NotThrow(() => ServerRules.CheckUnlocked(locked, admin: true));
        Should.NotThrow(() => ServerRules.CheckUnlocked(Active, admin: false));
    }
}

using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.Qemu;

namespace Ciel.Tests.Agent.Qemu;

public class DeedsTests
{
    [Theory]
    [InlineData(true, 1, 0, null, null, "Start")]
    [InlineData(true, 1, 1, "guest", null, "Nothing")]
    [InlineData(true, 1, 1, "crash", null, "Nothing")]
    [InlineData(true, 1, 1, "asked", null, "Start")]
    [InlineData(true, 1, 1, "lost", null, "Start")]
    [InlineData(false, 1, 1, "lost", null, "Nothing")]
    [InlineData(true, 2, 1, "guest", null, "Start")]
    [InlineData(false, 2, 1, "guest", null, "CountBoots")]
    [InlineData(false, 0, 0, null, null, "Nothing")]
    [InlineData(true, 1, 1, null, "Running", "Nothing")]
    [InlineData(true, 1, 1, null, "Paused", "Resume")]
    [InlineData(true, 2, 1, null, "Paused", "Stop")]
    [InlineData(true, 2, 1, null, "Running", "Stop")]
    [InlineData(false, 1, 1, null, "Running", "Stop")]
    [InlineData(true, 1, 1, null, "Off", "Settle")]
    [InlineData(true, 2, 1, null, "Gone", "Settle")]
    public void One_deed_follows(bool on, long boots, long done, string? reason, string? vm, string deed)
    {
        var status = vm is null ? (VmStatus?)null : Enum.Parse<VmStatus>(vm);
        Deeds.Next(State(on, boots) with { Boots = done, StopReason = reason }, status).ToString().ShouldBe(deed);
        Deeds.Next(State(on, boots) with { Boots = done, StopReason = reason, Erasing = true }, status).ShouldBe(Deed.Erase);
    }

    [Theory]
    [InlineData(true, 1, "Running", "Hold")]
    [InlineData(true, 1, "Held", "Nothing")]
    [InlineData(false, 1, "Held", "Resume")]
    [InlineData(true, 1, "Paused", "Resume")]
    [InlineData(true, 2, "Held", "Stop")]
    [InlineData(true, 1, "Off", "Settle")]
    public void A_guest_stands_still_as_wished(bool paused, long boots, string vm, string deed)
    {
        var state = State(true, boots);
        Deeds.Next(state with { Spec = state.Spec with { Paused = paused }, Boots = 1 }, Enum.Parse<VmStatus>(vm)).ToString().ShouldBe(deed);
    }

    [Theory]
    [InlineData("Running", 1, "Plug")]
    [InlineData("Paused", 1, "Resume")]
    [InlineData("Running", 2, "Stop")]
    [InlineData("Gone", 1, "Settle")]
    public void Interfaces_are_plugged_while_it_runs(string vm, long boots, string deed) =>
        Deeds.Next(State(true, boots) with { Boots = 1 }, Enum.Parse<VmStatus>(vm), plugged: false).ToString().ShouldBe(deed);

    [Theory]
    [InlineData(true, 1, "Off", "guest")]
    [InlineData(true, 1, "Gone", "crash")]
    [InlineData(true, 2, "Off", "asked")]
    [InlineData(false, 1, "Gone", "asked")]
    public void The_reason_follows_from_the_wish(bool on, long boots, string vm, string reason) =>
        Deeds.StopReason(State(on, boots) with { Boots = 1 }, Enum.Parse<VmStatus>(vm)).ShouldBe(reason);

    private static MachineState State(bool on, long boots) =>
        new(new MachineSpec(1, 64, new DiskSpec(null, 1), [], on, boots, false, new HardwareSpec("", "", "")), 1);
}

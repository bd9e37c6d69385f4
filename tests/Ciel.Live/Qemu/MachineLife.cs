using Ciel.Agent.Contract;

namespace Ciel.Live.Qemu;

[Collection("qemu")]
public class MachineLife
{
    [Fact]
    public async Task A_machine_boots_prints_and_goes_without_a_trace()
    {
        await using var node = await LiveNode.Start("lq1");
        var id = LiveNode.NewId();
        var name = ObjectName.Machine(id);
        var image = node.Cloud.Image(BootSector.Disk(BootSector.Say("hello from the guest"), BootSector.Halt));

        var report = await node.Ensure(name, LiveNode.Spec(image, id), r => r.State == ObjectStates.Running);
        await node.UntilLog(name, "hello from the guest");

        report.Facts![FactKeys.Boots].ShouldBe("1");
        report.Facts[FactKeys.MachineType].ShouldStartWith("pc-i440fx-");
        node.Processes().Count.ShouldBe(1);
        await node.Gone(name);
        node.Processes().ShouldBeEmpty();
    }
}

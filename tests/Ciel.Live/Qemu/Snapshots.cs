using System.Security.Cryptography;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Live.Qemu;

[Collection("qemu")]
public class Snapshots
{
    private static readonly string[] Writer = [BootSector.WriteSecondSector, BootSector.Say("up;"), BootSector.Halt];

    [Theory]
    [InlineData("lqs", true)]
    [InlineData("lqt", false)]
    public async Task A_snapshot_holds_image_and_changes_and_boots_by_itself(string instance, bool running)
    {
        await using var node = await LiveNode.Start(instance);
        var (name, spec) = node.NewMachine(Writer);
        await node.Ensure(name, spec, report => report.State == ObjectStates.Running);
        await node.UntilLog(name, "up;");
        if (!running)
        {
            await node.Ensure(name, spec with { On = false }, report => report.State == ObjectStates.Stopped);
        }

        var before = node.Processes();
        var snapshot = ObjectName.Snapshot(LiveNode.NewId());
        var ready = await node.Ensure(snapshot, new SnapshotSpec(name, "up-1"), report => report.State == ObjectStates.Ready);

        var stored = node.Cloud.Stored("up-1");
        ready.Facts![FactKeys.Size].ShouldBe($"{stored.Length}");
        ready.Facts[FactKeys.Sha512].ShouldBe(Convert.ToHexStringLower(SHA512.HashData(stored)));
        node.Processes().ShouldBe(before);
        var raw = await Raw(node, stored);
        raw[..512].ShouldBe(BootSector.Disk(Writer)[..512]);
        raw[512..1024].ShouldAllBe(value => value == 0x5a);
        raw.Length.ShouldBe(1 << 20);

        await node.Restart();
        (await node.Until(snapshot, _ => true)).Facts![FactKeys.Size].ShouldBe($"{stored.Length}");
        await node.Gone(snapshot);
        Directory.EnumerateFiles(node.Data, "copy*", SearchOption.AllDirectories).Where(file => file.EndsWith(".qcow2", StringComparison.Ordinal)).ShouldBeEmpty();
        var id = LiveNode.NewId();
        await node.Ensure(ObjectName.Machine(id), LiveNode.Spec(node.Cloud.Image(stored, "qcow2"), id), report => report.State == ObjectStates.Running);
        await node.UntilLog(ObjectName.Machine(id), "up;");
    }

    [Fact]
    public async Task A_snapshot_of_a_machine_that_is_not_here_says_so()
    {
        await using var node = await LiveNode.Start("lqu");
        var report = await node.Ensure(ObjectName.Snapshot(LiveNode.NewId()), new SnapshotSpec(ObjectName.Machine(LiveNode.NewId()), "t"));
        report.State.ShouldBe(ObjectStates.Failed);
        report.Error.ShouldBe("The machine is not on this node.");
    }

    private static async Task<byte[]> Raw(LiveNode node, byte[] qcow2)
    {
        var file = Path.Combine(node.Data, "check.qcow2");
        await File.WriteAllBytesAsync(file, qcow2, TestContext.Current.CancellationToken);
        (await Command.Run("qemu-img", ["info", "-f", "qcow2", file], TestContext.Current.CancellationToken)).ShouldNotContain("backing");
        await Command.Run("qemu-img", ["convert", "-f", "qcow2", "-O", "raw", file, file + ".raw"], TestContext.Current.CancellationToken);
        return await File.ReadAllBytesAsync(file + ".raw", TestContext.Current.CancellationToken);
    }
}

using System.Globalization;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Live.Qemu;

[Collection("qemu")]
public class MachineLife
{
    private static readonly string[] Idle = [BootSector.Say("up;"), BootSector.Halt];

    [Fact]
    public async Task A_machine_boots_prints_and_goes_without_a_trace()
    {
        await using var node = await LiveNode.Start("lq1");
        var (name, spec) = node.NewMachine(BootSector.Say("hello from the guest"), BootSector.Halt);

        var report = await node.Ensure(name, spec, Running);
        await node.UntilLog(name, "hello from the guest");

        report.Facts![FactKeys.Boots].ShouldBe("1");
        report.Facts[FactKeys.MachineType].ShouldStartWith("pc-i440fx-");
        node.Processes().Count.ShouldBe(1);
        await node.Gone(name);
        node.Processes().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_guest_powers_off_stays_off_until_the_next_boot_is_asked_for()
    {
        await using var node = await LiveNode.Start("lq2");
        var (name, spec) = node.NewMachine(BootSector.Say("up;"), BootSector.PowerOff);

        var stopped = await node.Ensure(name, spec, Stopped);
        stopped.Facts![FactKeys.StopReason].ShouldBe("guest");
        (await node.Ensure(name, spec)).State.ShouldBe(ObjectStates.Stopped);
        await node.Restart();
        (await node.Until(name, Stopped)).Facts![FactKeys.StopReason].ShouldBe("guest");
        (await node.Log(name)).ShouldBe("up;");

        await node.Ensure(name, spec with { Boots = 2 }, report => Stopped(report) && Boots(report) == 2);
        (await node.Log(name)).ShouldBe("up;up;");
    }

    [Fact]
    public async Task A_guest_that_reboots_keeps_its_process()
    {
        await using var node = await LiveNode.Start("lq3");
        var (name, spec) = node.NewMachine(BootSector.Say("up;"), BootSector.ResetOnce, BootSector.Halt);

        await node.Ensure(name, spec, Running);
        var before = node.Processes().Single();
        await node.UntilLog(name, "up;up;");
        node.Processes().Single().ShouldBe(before);
        Running(await node.Until(name, _ => true)).ShouldBeTrue();
    }

    [Fact]
    public async Task Each_increase_of_boots_starts_it_once()
    {
        await using var node = await LiveNode.Start("lq4");
        var (name, spec) = node.NewMachine(Idle);

        await node.Ensure(name, spec, Running);
        await node.UntilLog(name, "up;");
        var first = node.Processes().Single();
        await node.Ensure(name, spec);
        node.Processes().Single().ShouldBe(first);
        await node.Ensure(name, spec with { Boots = 7 }, report => Running(report) && Boots(report) == 7);
        await node.UntilLog(name, "up;up;");
        node.Processes().Single().ShouldNotBe(first);
        (await node.Log(name)).ShouldBe("up;up;");
    }

    [Fact]
    public async Task A_graceful_stop_presses_the_power_button()
    {
        await using var node = await LiveNode.Start("lq5");
        var (name, spec) = node.NewMachine(
            BootSector.Say("up;"), BootSector.AwaitButton, BootSector.Say("button;"), BootSector.PowerOff);

        await node.Ensure(name, spec, Running);
        await node.UntilLog(name, "up;");
        var stopped = await node.Ensure(name, spec with { On = false, Graceful = true }, Stopped);
        stopped.Facts![FactKeys.StopReason].ShouldBe("asked");
        (await node.Log(name)).ShouldBe("up;button;");
        node.Processes().ShouldBeEmpty();

        await node.Ensure(name, spec with { Boots = 2 }, Running);
    }

    [Fact]
    public async Task A_machine_that_was_off_starts_with_more_of_everything()
    {
        await using var node = await LiveNode.Start("lq11");
        var (name, spec) = node.NewMachine(Idle);

        await node.Ensure(name, spec, Running);
        await node.UntilLog(name, "up;");
        await node.Ensure(name, spec with { On = false }, Stopped);
        var larger = spec with { Vcpus = 2, MemoryMiB = spec.MemoryMiB * 2, Root = spec.Root with { SizeGiB = 2 }, Boots = 2 };
        await node.Ensure(name, larger, Running);
        await node.UntilLog(name, "up;up;");

        var disk = Directory.GetFiles(node.Data, "disk.qcow2", SearchOption.AllDirectories).Single();
        using var file = new FileStream(disk, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var header = new byte[32];
        await file.ReadExactlyAsync(header, TestContext.Current.CancellationToken);
        System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(24)).ShouldBe(2L << 30);
        File.ReadAllText($"/proc/{node.Processes().Single()}/cmdline").ShouldContain("-smp\02\0");
    }

    [Fact]
    public async Task A_killed_qemu_is_a_crash_and_not_started_again()
    {
        await using var node = await LiveNode.Start("lq6");
        var (name, spec) = node.NewMachine(Idle);

        await node.Ensure(name, spec, Running);
        Libc.PidFdSendSignal(Libc.PidFdOpen(node.Processes().Single()), Libc.SigKill).ShouldBe(0);
        (await node.Until(name, Stopped)).Facts![FactKeys.StopReason].ShouldBe("crash");
        node.Processes().ShouldBeEmpty();
        node.Cloud.Reports.Last(report => report.Name == name).State.ShouldBe(ObjectStates.Stopped);
    }

    [Fact]
    public async Task Another_agent_takes_over_the_running_process()
    {
        await using var node = await LiveNode.Start("lq7");
        var (name, spec) = node.NewMachine(Idle);

        await node.Ensure(name, spec, Running);
        var since = (await node.Until(name, Running)).SinceMicros;
        var before = node.Processes().Single();
        await node.Restart();

        var after = await node.Until(name, Running);
        node.Processes().Single().ShouldBe(before);
        after.SinceMicros.ShouldBe(since);
        await node.Ensure(name, spec with { On = false }, Stopped);
        node.Processes().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_base_image_is_fetched_once_for_all()
    {
        await using var node = await LiveNode.Start("lq8");
        var machines = Enumerable.Range(0, 2).Select(_ => node.NewMachine(Idle)).ToArray();

        await Task.WhenAll(machines.Select(machine => node.Ensure(machine.Name, machine.Spec)));
        foreach (var (name, _) in machines)
        {
            await node.Until(name, Running);
        }

        node.Cloud.Fetches.ShouldBe(1);
    }

    [Fact]
    public async Task A_machine_without_an_image_or_with_a_lying_one_says_why()
    {
        await using var node = await LiveNode.Start("lq9");
        var (name, spec) = node.NewMachine(Idle);
        var lying = node.Cloud.Image(BootSector.Disk(Idle)) with { Sha512 = new string('a', 128) };

        var failed = await node.Ensure(name, spec with { Root = new DiskSpec(lying, 1) }, report => report.Error is not null);
        failed.State.ShouldBe(ObjectStates.Failed);
        failed.Error!.ShouldContain("checksum");
        Directory.EnumerateFiles(Path.Combine(node.Data, "bases")).ShouldBeEmpty();
        await node.Ensure(name, spec with { Root = new DiskSpec(null, 1) }, Running);
    }

    private static bool Running(Report report) => report.State == ObjectStates.Running;

    private static bool Stopped(Report report) => report.State == ObjectStates.Stopped;

    private static long Boots(Report report) => long.Parse(report.Facts![FactKeys.Boots], CultureInfo.InvariantCulture);
}

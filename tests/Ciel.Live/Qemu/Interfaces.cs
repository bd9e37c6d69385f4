using System.Text;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Live.Qemu;

[Collection("qemu")]
public class Interfaces
{
    [Fact]
    public async Task A_machine_takes_its_tap_out_of_the_networks_namespace()
    {
        await using var node = await LiveNode.Start("lqn");
        var nic = new NicSpec(LiveNode.NewId(), LiveNode.NewId(), "fa:16:3e:00:00:01", 1450, 8);
        var (name, spec) = node.NewMachine(BootSector.Say("up;"), BootSector.Halt);
        spec = spec with { Nics = [nic] };
        var netns = HostNames.NetworkNamespace("lqn", nic.NetworkId);
        var tap = HostNames.Tap(nic.PortId);

        var failed = await node.Ensure(name, spec, report => report.State == ObjectStates.Failed);
        failed.Error!.ShouldContain(netns);
        await Ip("netns", "add", netns);
        try
        {
            failed = await node.Ensure(name, spec, report => report.State == ObjectStates.Failed);
            failed.Error!.ShouldContain(tap);
            await Ip("-n", netns, "tuntap", "add", "mode", "tap", "vnet_hdr", "name", tap);
            await Ip("-n", netns, "link", "set", tap, "up");
            (await Ip("-n", netns, "link", "show", tap)).ShouldContain("NO-CARRIER");

            await node.Ensure(name, spec, report => report.State == ObjectStates.Running);
            (await Ip("-n", netns, "link", "show", tap)).ShouldContain("LOWER_UP");
            File.ReadAllLines($"/proc/{node.Processes().Single()}/net/dev").Length.ShouldBe(3, "two lines of heading, and lo");
            await node.Gone(name);
            (await Ip("-n", netns, "link", "show", tap)).ShouldContain("NO-CARRIER");
        }
        finally
        {
            await Ip("netns", "del", netns);
        }
    }

    [Fact]
    public async Task A_running_machine_takes_another_and_the_next_agent_knows()
    {
        await using var node = await LiveNode.Start("lqp");
        var nic = new NicSpec(LiveNode.NewId(), LiveNode.NewId(), "fa:16:3e:00:00:01", 1450, 8);
        var (name, spec) = node.NewMachine(BootSector.Say("up;"), BootSector.Halt);
        await node.Ensure(name, spec, report => report.State == ObjectStates.Running);
        var (netns, tap) = (HostNames.NetworkNamespace("lqp", nic.NetworkId), HostNames.Tap(nic.PortId));
        var port = new PortSpec(nic.PortId, nic.Mac, [], true, false, [], [], "guest", new Dictionary<string, string>());
        var network = new NetworkSpec(nic.Mtu, [], [port], new Dictionary<string, IReadOnlyList<string>>(), null);
        await node.Ensure(ObjectName.Network(nic.NetworkId), network, report => report.State == ObjectStates.Ready);
        var process = node.Processes().Single();
        await node.Ensure(name, spec with { Nics = [nic] }, report => report.Facts!.GetValueOrDefault(FactKeys.Ports) == nic.PortId);
        (await Ip("-n", netns, "link", "show", tap)).ShouldContain("LOWER_UP");
        await node.Restart();
        (await node.Until(name, report => report.Facts!.GetValueOrDefault(FactKeys.Ports) == nic.PortId)).State.ShouldBe(ObjectStates.Running);
        node.Processes().ShouldContain(process);

        // This guest never gives one back: it is seen to be leaving until the next boot.
        await node.Ensure(name, spec, report => report.Facts!.ContainsKey(FactKeys.Leaving));
        await node.Ensure(name, spec with { Boots = 2 }, report => report.Facts!.GetValueOrDefault(FactKeys.Boots) == "2");
        await node.Until(name, report => report.State == ObjectStates.Running && !report.Facts!.ContainsKey(FactKeys.Leaving));
        (await Ip("-n", netns, "link", "show", tap)).ShouldContain("NO-CARRIER");
    }

    [Fact]
    public async Task The_console_speaks_vnc()
    {
        await using var node = await LiveNode.Start("lqv");
        var (name, spec) = node.NewMachine(BootSector.Say("up;"), BootSector.Halt);
        await node.Ensure(name, spec, report => report.State == ObjectStates.Running);
        await using var console = await node.Agent.Open(name, StreamKinds.Console, TestContext.Current.CancellationToken);
        var greeting = new byte[12];
        await console.ReadExactlyAsync(greeting, TestContext.Current.CancellationToken);
        Encoding.ASCII.GetString(greeting).ShouldStartWith("RFB 003.");
    }

    [Fact]
    public async Task The_node_says_what_it_is_and_has()
    {
        await using var node = await LiveNode.Start("lqf");
        var facts = await Facts(node);
        facts.Vcpus.ShouldBe(Environment.ProcessorCount);
        facts.MemoryMiB.ShouldBeGreaterThan(0);
        facts.Accelerator.ShouldBe(facts.Features.Single(feature => feature.Name == "kvm").Present ? "kvm" : "tcg");
        facts.Features.Single(feature => feature.Name == "qemu").Present.ShouldBeTrue();
        facts.Features.ShouldAllBe(feature => feature.Detail.EndsWith('.'));
    }

    /// <summary>Looking at the host may take longer than one call may: then it is repeated, as the contract says.</summary>
    private static async Task<NodeFacts> Facts(LiveNode node)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await node.Agent.Facts(TestContext.Current.CancellationToken);
            }
            catch (TimeoutException) when (i < 10)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    private static Task<string> Ip(params string[] arguments) => Command.Run("ip", arguments, TestContext.Current.CancellationToken);
}

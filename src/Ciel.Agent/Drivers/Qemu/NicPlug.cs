using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>Gives a running machine the interfaces that it is to have, from whatever it has: a piece left halfway is found and finished.</summary>
internal sealed partial class NicPlug(string instance, NetnsBrokerClient broker)
{
    public async Task Run(QemuVm vm, IReadOnlyList<NicSpec> wished, CancellationToken cancel)
    {
        var there = await Devices(vm, cancel);
        await DropOrphans(vm, there, cancel);
        foreach (var device in there.Except(wished.Select(NicDevice.Id)))
        {
            await vm.Execute("device_del", new JsonObject { ["id"] = device }, cancel);
        }

        foreach (var nic in wished.Where(nic => !there.Contains(NicDevice.Id(nic))))
        {
            await Plug(vm, nic, cancel);
        }

        there = await Devices(vm, cancel);
        await DropOrphans(vm, there, cancel);
        vm.Nics = there;
    }

    // A device that the guest gave back leaves its end towards the host, and so does a device that was refused.
    private static async Task DropOrphans(QemuVm vm, IReadOnlyCollection<string> there, CancellationToken cancel)
    {
        foreach (var orphan in (await Netdevs(vm, cancel)).Except(there.Select(NicDevice.NetdevOf)))
        {
            await vm.Execute("netdev_del", new JsonObject { ["id"] = orphan }, cancel);
        }
    }

    private async Task Plug(QemuVm vm, NicSpec nic, CancellationToken cancel)
    {
        var netdev = NicDevice.NetdevOf(NicDevice.Id(nic));
        using (var tap = await broker.OpenTap(HostNames.NetworkNamespace(instance, nic.NetworkId), HostNames.Tap(nic.PortId), cancel))
        {
            await vm.Execute("getfd", new JsonObject { ["fdname"] = netdev }, cancel, (int)tap.DangerousGetHandle());
        }

        await vm.Execute("netdev_add", new JsonObject { ["type"] = "tap", ["id"] = netdev, ["fd"] = netdev, ["vhost"] = false }, cancel);
        await vm.Execute("device_add", NicDevice.Of(nic), cancel);
    }

    private static async Task<IReadOnlyCollection<string>> Devices(QemuVm vm, CancellationToken cancel)
    {
        var all = await vm.Execute("qom-list", new JsonObject { ["path"] = "/machine/peripheral" }, cancel);
        return [.. all.EnumerateArray().Select(device => device.GetProperty("name").GetString()!).Where(NicDevice.IsOne)];
    }

    // QMP itself has no list of them.
    private static async Task<IEnumerable<string>> Netdevs(QemuVm vm, CancellationToken cancel)
    {
        var text = await vm.Execute("human-monitor-command", new JsonObject { ["command-line"] = "info network" }, cancel);
        return Netdev().Matches(text.GetString()!).Select(match => match.Value);
    }

    [GeneratedRegex(@"\bnet-tap[0-9A-Za-z-]+(?=:)")]
    private static partial Regex Netdev();
}

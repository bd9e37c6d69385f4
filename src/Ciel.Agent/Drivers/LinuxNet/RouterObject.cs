using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>One router on this host: its namespace, with a leg on the bridge of each network.</summary>
internal sealed class RouterObject(NetHost host, string id) : IDisposable
{
    private readonly string ns = HostNames.RouterNamespace(host.Instance, id);
    private readonly string directory = NetState.DirectoryOf(host.Directory, ObjectName.Router(id));
    private readonly Dnsmasq advertiser = new(
        HostNames.RouterNamespace(host.Instance, id), NetState.DirectoryOf(host.Directory, ObjectName.Router(id)), host.Groups, host.Time);

    private readonly SemaphoreSlim turn = new(1, 1);
    private string? rules;

    /// <summary>Makes it so. What is already so is left alone.</summary>
    /// <exception cref="AgentRefusedException">A network that it is to reach is not there yet.</exception>
    public async Task Ensure(RouterSpec spec, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            var ruleset = RouterTable.Render(spec);
            var mtus = await Networks(spec, cancel);
            NetState.Write(directory, new NetObjectState(spec, []));
            await Namespace(cancel);
            await Rules(ruleset, cancel);
            await Links(spec, mtus, cancel);
            await Ip.Batch(ns, RouterRoutes.Plan(RouterRoutes.Wanted(spec), await Routes(cancel)), cancel);
            await advertiser.Ensure(RouterAdvertisement.Render(spec, directory, advertiser.User), cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Removes all of it; the bridges' ends of its legs go with it.</summary>
    public async Task Absent(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            rules = null;
            await advertiser.Stop(cancel);
            await Ip.Delete(ns, cancel);
            Files.Remove(directory);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Starts what announces it again if that died.</summary>
    public async Task Watch(CancellationToken cancel)
    {
        if (await turn.WaitAsync(TimeSpan.Zero, cancel))
        {
            try
            {
                await advertiser.Revive(cancel);
            }
            finally
            {
                turn.Release();
            }
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<Dictionary<string, int>> Networks(RouterSpec spec, CancellationToken cancel)
    {
        var mtus = new Dictionary<string, int>();
        foreach (var network in RouterLinks.Legs(spec).Select(leg => leg.NetworkId).Distinct())
        {
            var there = HostNames.NetworkNamespace(host.Instance, network);
            mtus[network] = Ip.Exists(there) && (await Ip.Links(there, cancel)).TryGetValue(HostNames.Bridge, out var bridge)
                ? bridge.Mtu
                : throw new AgentRefusedException($"network {network} is not on this node yet");
        }

        return mtus;
    }

    private async Task Namespace(CancellationToken cancel)
    {
        if (!Ip.Exists(ns))
        {
            // What ran in an earlier namespace of that name is of no use in this one.
            rules = null;
            await advertiser.Stop(cancel);
            await Ip.Add(ns, cancel);
        }
    }

    private async Task Rules(string ruleset, CancellationToken cancel)
    {
        if (rules == ruleset)
        {
            return;
        }

        // Forwarding is switched on only after the rules are in force.
        await Ip.Nft(ns, ruleset, cancel);
        if (rules is null)
        {
            await Ip.Sysctl(ns, KernelParameters.Router, cancel);
        }

        rules = ruleset;
    }

    private async Task Links(RouterSpec spec, Dictionary<string, int> mtus, CancellationToken cancel)
    {
        var found = await Ip.Links(ns, cancel);
        await Ip.Batch(ns, RouterLinks.Plan(host.Instance, spec, found, mtus), cancel);
        foreach (var network in RouterLinks.Legs(spec).GroupBy(leg => leg.NetworkId))
        {
            var there = HostNames.NetworkNamespace(host.Instance, network.Key);
            var peers = await Ip.Links(there, cancel);
            var lines = new List<string>();
            foreach (var peer in network.Select(leg => HostNames.RouterPeer(leg.PortId)))
            {
                NetworkLinks.Member(peer, mtus[network.Key], peers.GetValueOrDefault(peer), lines);
            }

            await Ip.Batch(there, lines, cancel);
        }

        await Ip.Batch(ns, RouterLinks.PlanAddresses(spec, found), cancel);
    }

    private async Task<IReadOnlyList<(string Destination, string NextHop)>> Routes(CancellationToken cancel)
    {
        var v4 = await Command.Run("ip", ["-n", ns, "-json", "-4", "route", "show", "proto", "static"], cancel);
        var v6 = await Command.Run("ip", ["-n", ns, "-json", "-6", "route", "show", "proto", "static"], cancel);
        return [.. RouterRoutes.Parse(v4, "0.0.0.0/0"), .. RouterRoutes.Parse(v6, "::/0")];
    }
}

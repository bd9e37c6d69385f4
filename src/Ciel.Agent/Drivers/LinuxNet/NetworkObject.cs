using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>One network on this host: its namespace with bridge, taps, rules, DHCP, DNS and metadata.</summary>
internal sealed class NetworkObject : IAsyncDisposable
{
    private readonly NetHost host;
    private readonly string id;
    private readonly string ns;
    private readonly string directory;
    private readonly Dnsmasq dnsmasq;
    private readonly DhcpLog log;
    private readonly HostLink hostLink;
    private readonly SemaphoreSlim turn = new(1, 1);
    private MetadataListener? metadata;
    private string? rules;
    private Dictionary<string, int> marks = [];
    private Dictionary<int, string> portOfMark = [];
    private ILookup<string, string> portsOfMac = Array.Empty<PortSpec>().ToLookup(port => port.Mac, port => port.Id);

    public NetworkObject(NetHost host, string id)
    {
        (this.host, this.id) = (host, id);
        ns = HostNames.NetworkNamespace(host.Instance, id);
        directory = NetState.DirectoryOf(host.Directory, ObjectName.Network(id));
        dnsmasq = new Dnsmasq(ns, directory, host.Groups, host.Time);
        log = new DhcpLog(DnsmasqFiles.LogPath(directory));
        hostLink = new HostLink(host.Instance, ns);
        if (NetState.Read(directory) is { } state)
        {
            Know((NetworkSpec)state.Spec, state.Marks);
        }
    }

    /// <summary>Makes it so. What is already so is left alone; flows that remain allowed go on.</summary>
    public async Task Ensure(NetworkSpec spec, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            var numbers = Marks.Assign(marks, spec.Ports.Select(port => port.Id));
            var ruleset = BridgeTable.Render(id, spec, numbers) + FilterTable.Render(spec, numbers);
            NetState.Write(directory, new NetObjectState(spec, numbers));
            Know(spec, numbers);
            await Namespace(cancel);
            await Rules(ruleset, cancel);
            await Links(spec, cancel);
            await dnsmasq.Ensure(DnsmasqFiles.Render(spec, directory, dnsmasq.User), cancel);
            metadata ??= new MetadataListener(
                await host.Broker.Listen(ns, MetadataAddress.Value, MetadataAddress.Port, cancel),
                mark => portOfMark.GetValueOrDefault(mark),
                host.Signs,
                host.Controller,
                host.Time);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Removes all of it.</summary>
    public async Task Absent(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            await Forget();
            await dnsmasq.Stop(cancel);
            await hostLink.Remove(cancel);
            await Ip.Delete(ns, cancel);
            Files.Remove(directory);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Tells which guests asked for an address, and starts dnsmasq again if it died.</summary>
    public async Task Watch(CancellationToken cancel)
    {
        foreach (var port in log.Askers().SelectMany(mac => portsOfMac[mac]))
        {
            host.Signs.Seen(port);
        }

        if (!await turn.WaitAsync(TimeSpan.Zero, cancel))
        {
            return;
        }

        try
        {
            await dnsmasq.Revive(cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Forget();
        turn.Dispose();
    }

    private void Know(NetworkSpec spec, Dictionary<string, int> numbers)
    {
        marks = numbers;
        portOfMark = numbers.ToDictionary(mark => mark.Value, mark => mark.Key);
        portsOfMac = spec.Ports.ToLookup(port => Mac.Parse(port.Mac), port => port.Id);
    }

    private async Task Namespace(CancellationToken cancel)
    {
        if (!Ip.Exists(ns))
        {
            // What ran in an earlier namespace of that name is of no use in this one.
            await Forget();
            await dnsmasq.Stop(cancel);
            await Ip.Add(ns, cancel);
        }
    }

    /// <summary>Rules come before the links that they guard.</summary>
    private async Task Rules(string ruleset, CancellationToken cancel)
    {
        if (rules == ruleset)
        {
            return;
        }

        if (rules is null)
        {
            await Ip.Sysctl(ns, KernelParameters.Network, cancel);
        }

        await Ip.Nft(ns, ruleset, cancel);
        rules = ruleset;
    }

    private async Task Links(NetworkSpec spec, CancellationToken cancel)
    {
        var found = await Ip.Links(ns, cancel);
        if (spec.Public is { } place)
        {
            await hostLink.Ensure(place, spec.Mtu, found.ContainsKey(NetworkLinks.HostPeer), cancel);
        }

        await Ip.Batch(ns, NetworkLinks.Plan(id, spec, found, host.TapLine), cancel);
        var addresses = Addresses.Plan(HostNames.Bridge, Addresses.OfBridge(spec), found.GetValueOrDefault(HostNames.Bridge));
        if (addresses.Count > 0)
        {
            if (spec.Subnets.Any(subnet => Cidr.Parse(subnet.Cidr).IsV6))
            {
                await Ip.Sysctl(ns, KernelParameters.BridgeWithIpv6, cancel);
            }

            await Ip.Batch(ns, addresses, cancel);
        }
    }

    private async Task Forget()
    {
        rules = null;
        if (metadata is not null)
        {
            await metadata.DisposeAsync();
            metadata = null;
        }
    }
}

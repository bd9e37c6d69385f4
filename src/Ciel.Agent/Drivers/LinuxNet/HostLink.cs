using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>The host's one interface: a veth whose other end is on the public network's bridge.</summary>
internal sealed class HostLink(string instance, string ns)
{
    private readonly string name = HostNames.HostInterface(instance);

    /// <summary>Makes it so.</summary>
    /// <param name="place">The host's address.</param>
    /// <param name="mtu">Bytes.</param>
    /// <param name="here">Whether its other end is in the network's namespace.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="AgentRefusedException">The interface belongs to another network, which must go first.</exception>
    public async Task Ensure(PublicSpec place, int mtu, bool here, CancellationToken cancel)
    {
        var link = await Find(cancel);
        if (link is not null && !here)
        {
            throw new AgentRefusedException($"{name} leads to another network");
        }

        var lines = new List<string>();
        if (link is null)
        {
            lines.Add($"link add name {name} mtu {mtu} type veth peer name {NetworkLinks.HostPeer} netns {ns}");
        }
        else if (link.Mtu != mtu)
        {
            lines.Add($"link set dev {name} mtu {mtu}");
        }

        lines.AddRange(Addresses.Plan(name, [Cidr.Interface(place.HostAddress)], link));
        if (link is not { Up: true })
        {
            lines.Add($"link set dev {name} up");
        }

        if (lines.Count > 0)
        {
            await Command.Run("ip", ["-batch", "-"], cancel, string.Join('\n', lines) + "\n");
        }
    }

    /// <summary>Removes it, if its other end is in this network's namespace.</summary>
    public async Task Remove(CancellationToken cancel)
    {
        if (Ip.Exists(ns) && (await Ip.Links(ns, cancel)).ContainsKey(NetworkLinks.HostPeer))
        {
            await Command.Run("ip", ["-n", ns, "link", "delete", "dev", NetworkLinks.HostPeer], cancel);
        }
    }

    private async Task<Link?> Find(CancellationToken cancel) =>
        Link.ParseAll(await Command.Run("ip", ["-json", "address"], cancel)).GetValueOrDefault(name);
}

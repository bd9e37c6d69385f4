using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>
/// The ports that a server really has. What device a port names is its owner's to write, another tenant's server included; only
/// <see cref="Nic"/> rows are proof.
/// </summary>
internal static class ServerPorts
{
    /// <summary>The server's ports in order.</summary>
    public static async Task<IReadOnlyList<PortInfo>> Of(Reader reader, INetworks networks, string serverId)
    {
        var slots = (await ServerStore.Nics(reader, serverId)).ToDictionary(n => n.PortId, n => n.Slot);
        return [.. (await networks.PortsOf(reader, [serverId])).Where(p => slots.ContainsKey(p.Id)).OrderBy(p => slots[p.Id])];
    }
}

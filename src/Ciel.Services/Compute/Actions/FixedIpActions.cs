using System.Net;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>More addresses on a server's port, and fewer (until 2.43; since then the network API's matter).</summary>
internal sealed class FixedIpActions(Db db, INetworks networks) : IServerActions
{
    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler>
    {
        ["addFixedIp"] = (call, body, id) => Change(call, body, id, "addFixedIp", "networkId", Add),
        ["removeFixedIp"] = (call, body, id) => Change(call, body, id, "removeFixedIp", "address", Remove),
    };

    private async Task Change(Call call, Input body, string id, string verb, string field, Func<Tx, IReadOnlyList<PortInfo>, string, Task> change)
    {
        call.Until(43);
        var input = body.Object(verb);
        body.Done();
        var value = input.String(field);
        input.Done();
        await db.Write(
            async tx =>
            {
                var server = await ServerVerbs.Own(tx, call.Actor, id);
                ServerRules.CheckUnlocked(server, call.Actor.IsAdmin);
                ServerRules.Check(server, verb);
                await change(tx, await ServerPorts.Of(tx, networks, id), value);
            },
            call.Cancel);
        await call.Empty(202);
    }

    private async Task Add(Tx tx, IReadOnlyList<PortInfo> ports, string network)
    {
        var port = ports.FirstOrDefault(p => p.NetworkId == network && p.Addresses.Count > 0)
            ?? throw Fault.BadRequest($"Network could not be found for network {network} on the instance.");
        await networks.AddAddress(tx, port.Id);
    }

    private async Task Remove(Tx tx, IReadOnlyList<PortInfo> ports, string address)
    {
        var wanted = IPAddress.TryParse(address, out var parsed) ? parsed.ToString() : throw Fault.BadRequest($"'{address}' is not a 'ipv4' or 'ipv6'");
        var port = ports.FirstOrDefault(p => p.Addresses.Any(a => a.Address == wanted))
            ?? throw Fault.BadRequest($"Instance does not have fixed IP '{address}'.");
        await networks.RemoveAddress(tx, port.Id, wanted);
    }
}

using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>Lets a floating address stand for a server's, until 2.43.</summary>
internal sealed class FloatingActions(Db db, Pages pages, INetworks networks) : IServerActions
{
    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler>
    {
        ["addFloatingIp"] = Add,
        ["removeFloatingIp"] = Remove,
    };

    private async Task Add(Call call, Input body, string id)
    {
        call.Until(43);
        var input = body.Object("addFloatingIp");
        body.Done();
        var address = input.String("address", 0);
        var wanted = input.OptionalString("fixed_address");
        input.Done();
        var ports = await Ports(call, id);
        var fixedOnes = ports.SelectMany(p => p.Addresses, (port, inner) => (Port: port.Id, inner.Address)).Where(a => !a.Address.Contains(':', StringComparison.Ordinal)).ToArray();
        if (fixedOnes.Length == 0)
        {
            throw Fault.BadRequest("No fixed IPs associated to instance");
        }

        var target = wanted is null ? fixedOnes[0] : fixedOnes.FirstOrDefault(a => a.Address == wanted);
        if (target.Port is null)
        {
            throw Fault.BadRequest("Specified fixed address not assigned to instance");
        }

        var floating = await Find(call, address);
        await pages.Update(call, Pages.Floatings, floating.GetProperty("id").GetString()!, new { port_id = target.Port, fixed_ip_address = target.Address });
        await call.Empty(202);
    }

    private async Task Remove(Call call, Input body, string id)
    {
        call.Until(43);
        var input = body.Object("removeFloatingIp");
        body.Done();
        var address = input.String("address", 0);
        input.Done();
        var ports = await Ports(call, id);
        var floating = await Find(call, address);
        if (ports.All(p => p.Id != floating.GetProperty("port_id").GetString()))
        {
            throw Fault.Conflict($"Floating IP {address} is not associated with instance {id}.");
        }

        await pages.Update(call, Pages.Floatings, floating.GetProperty("id").GetString()!, new { port_id = (string?)null });
        await call.Empty(202);
    }

    private Task<IReadOnlyList<PortInfo>> Ports(Call call, string id) => db.Read(
        async r =>
        {
            var server = await ServerStore.Visible(r, call.Actor, id);
            ServerRules.CheckUnlocked(server, call.Actor.IsAdmin);
            return await ServerPorts.Of(r, networks, id);
        },
        call.Cancel);

    private async Task<JsonElement> Find(Call call, string address)
    {
        var found = address.Length == 0 ? [] : await pages.List(call, Pages.Floatings, ("floating_ip_address", address));
        return found.Count == 1 ? found[0] : throw Fault.NotFound("floating IP not found");
    }
}

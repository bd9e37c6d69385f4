using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>Security groups of all of a server's ports.</summary>
internal sealed class GroupActions(Db db, INetworks networks, NicBuilder nics) : IServerActions
{
    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler>
    {
        ["addSecurityGroup"] = (call, body, id) => Change(call, body, id, "addSecurityGroup", add: true),
        ["removeSecurityGroup"] = (call, body, id) => Change(call, body, id, "removeSecurityGroup", add: false),
    };

    private async Task Change(Call call, Input body, string id, string verb, bool add)
    {
        var input = body.Object(verb);
        body.Done();
        var name = input.String("name");
        input.Done();
        await db.Write(tx => Change(tx, call, id, name, add), call.Cancel);
        await call.Empty(202);
    }

    private async Task Change(Tx tx, Call call, string id, string name, bool add)
    {
        var server = await ServerVerbs.Own(tx, call.Actor, id);
        ServerRules.CheckUnlocked(server, call.Actor.IsAdmin);
        var group = await Find(tx, call, name);
        var ports = (await ServerStore.Nics(tx, id)).Select(n => n.PortId).ToArray();
        var groups = await networks.GroupsOf(tx, ports);
        var changed = false;
        foreach (var port in ports)
        {
            var old = groups.TryGetValue(port, out var found) ? found.Select(g => g.Id).ToHashSet() : [];
            if (add ? old.Add(group.Id) : old.Remove(group.Id))
            {
                await networks.SetGroups(tx, port, old);
                changed = true;
            }
        }

        if (!changed && !add)
        {
            throw Fault.NotFound($"Security group {name} not associated with the instance {id}");
        }
    }

    private async Task<GroupInfo> Find(Tx tx, Call call, string name)
    {
        try
        {
            return (await nics.Groups(tx, call.Actor, [name])).Single();
        }
        catch (Fault fault) when (fault.Status == 400)
        {
            throw Fault.NotFound(fault.Message);
        }
    }
}

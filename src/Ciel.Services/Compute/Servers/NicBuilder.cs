using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>Gives a new server its ports.</summary>
internal sealed class NicBuilder(INetworks networks, Ids ids)
{
    /// <exception cref="Fault">400, 403 or 409 in Nova's words.</exception>
    public async Task Add(Tx tx, Actor actor, Server server, NewServer wish)
    {
        CheckCount(wish);
        var groups = wish.SecurityGroups is { } names ? (await Groups(tx, actor, names)).Select(g => g.Id).ToArray() : null;
        var nics = wish.Networks.Nics ?? await Choose(tx, actor, wish.Networks.Auto);
        for (var slot = 0; slot < nics.Count; slot++)
        {
            await AddOne(tx, actor, server.Id, nics[slot], groups, slot);
        }
    }

    /// <summary>Finds or makes the port for a server that exists; where nothing is named, on the one network that there is.</summary>
    /// <exception cref="Fault">400, 403, 404 or 409 in Nova's words.</exception>
    public async Task<PortInfo> Attach(Tx tx, Actor actor, string serverId, NicWish wish)
    {
        if (wish.PortId is { } port)
        {
            return await networks.ClaimPort(tx, actor, port, serverId, wish.Tag);
        }

        var network = wish.NetworkId ?? await Only(tx, actor);
        if (await networks.Network(tx, actor, network) is null)
        {
            throw Fault.NotFound($"Network {network} could not be found.");
        }

        await CheckNetwork(tx, actor, network);
        try
        {
            return await networks.CreatePort(tx, actor, new NewPort(ids.Uuid(), network, serverId, wish.FixedAddress, null, wish.Tag));
        }
        catch (Fault fault) when (fault.Kind == "OverQuota")
        {
            throw Word(fault, wish);
        }
    }

    /// <exception cref="Fault">400 for a group that is unknown or ambiguous.</exception>
    public async Task<IReadOnlyList<GroupInfo>> Groups(Reader reader, Actor actor, IReadOnlyCollection<string> names)
    {
        try
        {
            return await networks.Groups(reader, actor, names);
        }
        catch (Fault fault) when (fault.Status == 404)
        {
            throw Fault.BadRequest($"Security group {string.Join(", ", names)} not found for project {actor.ProjectId}.");
        }
    }

    private async Task AddOne(Tx tx, Actor actor, string serverId, NicWish nic, string[]? groups, int slot)
    {
        var portId = nic.PortId ?? ids.Uuid();
        try
        {
            if (nic.PortId is not null)
            {
                await networks.ClaimPort(tx, actor, portId, serverId, nic.Tag);
            }
            else
            {
                await CheckNetwork(tx, actor, nic.NetworkId!);
                await networks.CreatePort(tx, actor, new NewPort(portId, nic.NetworkId!, serverId, nic.FixedAddress, groups, nic.Tag));
            }
        }
        catch (Fault fault) when (fault.Kind == "OverQuota" || (nic.PortId is null && fault.Status is 404 or 409) || fault.Status == 404)
        {
            throw Word(fault, nic);
        }

        await ServerStore.AddNic(tx, new Nic(portId, serverId, slot, nic.PortId is null));
    }

    private static Fault Word(Fault fault, NicWish nic) =>
        fault.Kind == "OverQuota" ? Fault.Forbidden("Maximum number of ports exceeded", "OverQuota")
        : nic.PortId is { } port ? Fault.BadRequest($"Port id {port} could not be found.")
        : Fault.BadRequest(fault.Message);

    private async Task CheckNetwork(Tx tx, Actor actor, string id)
    {
        var network = await networks.Network(tx, actor, id) ?? throw Fault.BadRequest($"Network {id} could not be found.");
        if (network is { External: true, Shared: false } && !actor.IsAdmin)
        {
            throw Fault.Forbidden($"It is not allowed to create an interface on external network {id}");
        }

        if (!network.HasSubnet)
        {
            throw Fault.BadRequest($"Network {id} requires a subnet in order to boot instances on.");
        }
    }

    // Nobody named a network: the one that there is, or none.
    private async Task<IReadOnlyList<NicWish>> Choose(Tx tx, Actor actor, bool must)
    {
        var usable = (await networks.Usable(tx, actor)).Where(n => n.HasSubnet).ToArray();
        var own = usable.Where(n => n.ProjectId == actor.ProjectId).ToArray();
        var from = must && own.Length > 0 ? own : usable;
        return from.Length switch
        {
            0 when must => [new NicWish(null, (await networks.AutoAllocate(tx, actor)).Id, null, null)],
            0 => [],
            1 => [new NicWish(null, from[0].Id, null, null)],
            _ => throw Fault.Conflict("Multiple possible networks found, use a Network ID to be more specific."),
        };
    }

    private async Task<string> Only(Tx tx, Actor actor)
    {
        try
        {
            return (await Choose(tx, actor, must: false)) is [var only]
                ? only.NetworkId!
                : throw Fault.BadRequest($"No specific network was requested and none are available for project '{actor.ProjectId}'.");
        }
        catch (Fault fault) when (fault.Status == 409)
        {
            throw Fault.BadRequest(fault.Message);
        }
    }

    private static void CheckCount(NewServer wish)
    {
        if (wish.MaxCount <= 1 || wish.Networks.Nics is not { } nics)
        {
            return;
        }

        if (nics.Any(n => n.PortId is not null))
        {
            throw Fault.BadRequest("Unable to launch multiple instances with a single configured port ID. Please launch your instance one by one with different ports.");
        }

        if (nics.Any(n => n.FixedAddress is not null))
        {
            throw Fault.BadRequest("Invalid fixed IP: one address cannot be given to several servers.");
        }
    }
}

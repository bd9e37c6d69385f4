using Ciel.Core.Errors;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Makes, changes and deletes ports with their addresses and groups, for the API and for the service itself.</summary>
internal sealed class PortBook(Wakes wakes)
{
    private const int MacGuesses = 32;

    /// <summary>Makes a port. The caller has checked who may.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="request">What to make; its groups are known.</param>
    /// <param name="counted">Whether its project's quota pays.</param>
    public async Task<Port> Create(Tx tx, PortRequest request, bool counted = true)
    {
        var row = request.Row with { Counted = counted, Generation = 1 };
        if (counted)
        {
            await NetworkQuota.Take(tx, row.ProjectId, NetworkQuota.Port);
        }

        if (!await NetworkStore.Table.Lock(tx, row.NetworkId))
        {
            throw Faults.NetworkNotFound(row.NetworkId);
        }

        row = await Insert(tx, row, request.MacAddress);
        row = row with { Addresses = await Assign(tx, row, await SubnetStore.OfNetwork(tx, row.NetworkId), request.Addresses) };
        foreach (var group in request.Groups ?? [])
        {
            await PortStore.AddGroup(tx, row.Id, group);
        }

        await MembersChanged(tx, row with { Groups = request.Groups ?? [] });
        return row with { Groups = request.Groups ?? [] };
    }

    /// <summary>Writes a held port's changed attributes, addresses and groups.</summary>
    public async Task Update(Tx tx, Port before, PortRequest request)
    {
        await NetworkStore.Table.Lock(tx, before.NetworkId);
        var row = request.Row with { MacAddress = request.MacAddress ?? before.MacAddress, Generation = before.Generation + 1 };
        if (row.MacAddress != before.MacAddress && await PortStore.HasMac(tx, row.NetworkId, row.MacAddress))
        {
            throw MacInUse(row);
        }

        await PortStore.Table.Update(tx, row);
        if (request.Addresses is { } addresses)
        {
            await Readdress(tx, row, addresses);
        }

        if (request.Groups is { } groups)
        {
            await PortStore.SetGroups(tx, row.Id, groups);
        }

        await MembersChanged(tx, before, row with { Groups = request.Groups ?? before.Groups });
        await RouterChanged(tx, row);
    }

    /// <summary>Deletes a port with all that hangs on it. The caller has checked who may.</summary>
    public async Task Delete(Tx tx, Port port)
    {
        await NetworkStore.Table.Lock(tx, port.NetworkId);
        await Disassociate(tx, port.Id, null);
        await Ipam.Release(tx, port.Id);
        await PortStore.SetGroups(tx, port.Id, []);
        await PortStore.Table.Delete(tx, port.Id);
        await NetworkQuota.Return(tx, port, NetworkQuota.Port);
        await MembersChanged(tx, port);
        await RouterChanged(tx, port);
    }

    /// <summary>Gives a port the addresses of a plan.</summary>
    /// <exception cref="Fault">409 where one is taken or there is no room.</exception>
    public static async Task<IReadOnlyList<Fixed>> Assign(Tx tx, Port port, IReadOnlyList<Subnet> subnets, IReadOnlyList<AddressRequest>? requests)
    {
        var plan = AddressPlan.For(port, subnets, requests);
        var taken = new List<Fixed>();
        foreach (var (subnet, address) in plan.Certain)
        {
            taken.Add(await Ipam.Take(tx, port, subnet.Id, address, taken.Count)
                ? new Fixed(port.Id, subnet.Id, address.ToString())
                : throw Faults.AddressTaken(address.ToString(), subnet.Id));
        }

        foreach (var choice in plan.Choices)
        {
            taken.Add(await AnyOf(tx, port, choice, taken.Count) ?? throw Faults.NoMoreAddresses(port.NetworkId));
        }

        return taken;
    }

    /// <summary>Takes floating addresses off a port, or off one of its addresses.</summary>
    public async Task Disassociate(Tx tx, string portId, string? fixedAddress)
    {
        foreach (var floating in await FloatingIpStore.OfPort(tx, portId, fixedAddress))
        {
            await FloatingIpStore.Associate(tx, floating, null, null, null);
            if (floating.RouterId is { } router)
            {
                await wakes.Router(tx, router);
            }
        }
    }

    /// <summary>Wakes everyone whose part of a node follows from this port.</summary>
    public async Task MembersChanged(Tx tx, params Port[] ports)
    {
        var bound = ports.Where(p => p.Host.Length > 0).ToArray();
        if (bound.Length == 0)
        {
            return;
        }

        await wakes.Network(tx, bound[0].NetworkId);
        await wakes.AdmittersOf(tx, [.. bound.SelectMany(p => p.Groups).Distinct()]);
    }

    private static async Task<Fixed?> AnyOf(Tx tx, Port port, IReadOnlyList<Subnet> subnets, int position)
    {
        foreach (var subnet in subnets)
        {
            if (await Ipam.TakeAny(tx, port, subnet, position) is { } address)
            {
                return new Fixed(port.Id, subnet.Id, address.ToString());
            }
        }

        return null;
    }

    private static async Task<Port> Insert(Tx tx, Port row, string? mac)
    {
        for (var attempt = 0; attempt < MacGuesses; attempt++)
        {
            var own = mac ?? Mac.For(row.Id, attempt);
            var named = row with { MacAddress = own, AllowedPairs = PortExtras.WithOwnMac(row.AllowedPairs, own) };
            if (await PortStore.Table.Insert(tx, named))
            {
                return named;
            }

            if (mac is not null)
            {
                throw MacInUse(named);
            }
        }

        throw Fault.Conflict($"Unable to generate unique mac on network {row.NetworkId}.", "MacAddressGenerationFailure");
    }

    // What the port has and may keep stays; the rest is given back before anything new is taken.
    private async Task Readdress(Tx tx, Port port, IReadOnlyList<AddressRequest> requests)
    {
        var kept = new List<Fixed>();
        var wanted = new List<AddressRequest>();
        foreach (var request in requests)
        {
            var held = port.Addresses.FirstOrDefault(a => !kept.Contains(a)
                && (request.Address is { } ip ? a.Address == ip.ToString() : a.SubnetId == request.SubnetId));
            if (held is null)
            {
                wanted.Add(request);
            }
            else
            {
                kept.Add(held);
                wanted.Add(new AddressRequest(held.SubnetId, Ip.Parse(held.Address)));
            }
        }

        foreach (var gone in port.Addresses.Except(kept))
        {
            await Disassociate(tx, port.Id, gone.Address);
        }

        await Ipam.Release(tx, port.Id);
        await Assign(tx, port, await SubnetStore.OfNetwork(tx, port.NetworkId), wanted);
    }

    private Task RouterChanged(Tx tx, Port port) => port.DeviceOwner is DeviceOwners.RouterInterface or DeviceOwners.RouterGateway
        ? wakes.Router(tx, port.DeviceId)
        : Task.CompletedTask;

    private static Fault MacInUse(Port port) => Fault.Conflict(
        $"Unable to complete operation for network {port.NetworkId}. The mac address {port.MacAddress} is in use.", "MacAddressInUse");
}

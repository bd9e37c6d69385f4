using Ciel.Agent.Contract;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>What a router's object is composed of, read in one snapshot.</summary>
/// <param name="Router">Its row.</param>
/// <param name="Legs">Ports in tenant networks.</param>
/// <param name="Floating">Addresses that stand for ports behind it.</param>
/// <param name="Subnets">Of the legs and the gateway, by id.</param>
internal sealed record RouterScene(
    Router Router, IReadOnlyList<Port> Legs, IReadOnlyList<FloatingIp> Floating, IReadOnlyDictionary<string, Subnet> Subnets)
{
    public IReadOnlyList<Port> Ports => Router.Gateway is { } gateway ? [.. Legs, gateway] : Legs;

    public IReadOnlyList<string> Networks => [.. Ports.Select(p => p.NetworkId).Distinct()];

    public static async Task<RouterScene?> Read(Reader reader, string id)
    {
        if (await RouterStore.Find(reader, id) is not { } router)
        {
            return null;
        }

        var scene = new RouterScene(router, await RouterStore.Interfaces(reader, id), await FloatingIpStore.OfRouter(reader, id), new Dictionary<string, Subnet>());
        var subnets = await SubnetStore.ByIds(reader, [.. scene.Ports.SelectMany(p => p.Addresses).Select(a => a.SubnetId).Distinct()]);
        return scene with { Subnets = subnets.ToDictionary(s => s.Id) };
    }

    /// <summary>Composes what the node is asked for.</summary>
    public RouterSpec Compose() => new(
        Router.AdminStateUp,
        [.. Legs.Where(p => p.AdminStateUp).Select(LegOf)],
        Router.Gateway is { } gateway ? new RouterGateway(LegOf(gateway), NextHops(gateway), Router.EnableSnat) : null,
        [.. Floating.Where(f => f.FixedAddress is not null).Select(f => new FloatingAddress(f.Address, f.FixedAddress!))],
        [.. NetworkJson.Routes(Router.Routes).Select(r => new RouteSpec(r.Destination, r.NextHop))]);

    private Agent.Contract.RouterLeg LegOf(Port port) => new(
        port.Id,
        port.NetworkId,
        port.MacAddress,
        [.. port.Addresses.Where(a => Subnets.ContainsKey(a.SubnetId)).Select(a => $"{a.Address}/{Subnets[a.SubnetId].Range.Prefix}")],
        Advertised(port));

    // Without a mode of its own for advertisements a subnet expects them from somebody else's router.
    private AdvertisedRange[]? Advertised(Port port)
    {
        var ranges = port.Addresses.Select(a => Subnets.GetValueOrDefault(a.SubnetId)).OfType<Subnet>()
            .Where(s => s.Ipv6RaMode is not null).Select(s => new AdvertisedRange(s.Cidr, s.Ipv6RaMode!)).ToArray();
        return ranges.Length == 0 ? null : ranges;
    }

    private string[] NextHops(Port gateway) => [.. gateway.Addresses
        .Select(a => Subnets.GetValueOrDefault(a.SubnetId)).OfType<Subnet>().Where(s => s.GatewayIp is not null)
        .GroupBy(s => s.IpVersion).Select(g => g.First().GatewayIp!)];
}

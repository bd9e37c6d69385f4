using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Services.Network;

/// <summary>Neutron: networks, subnets, ports, routers, floating addresses, security groups.</summary>
internal sealed class NetworkModule : IServiceModule
{
    public IReadOnlyList<Migration> Migrations => Schema.Migrations;

    public void Register(IServiceCollection services)
    {
        services.AddSingleton<INetworks, NetworkService>().AddSingleton<INetworkPages, NetworkPages>();
        services.AddSingleton<Wakes>().AddSingleton<PortBook>().AddSingleton<NetworkBook>().AddSingleton<SubnetBook>().AddSingleton<GroupBook>();
        services.AddSingleton<RouterBook>().AddSingleton<RouterLegs>().AddSingleton<FloatingIpBook>().AddSingleton<PublicNetwork>();
        services.AddSingleton<DhcpPorts>().AddSingleton<PurgeSteps>().AddSingleton<ProjectPurge>();
        services.AddSingleton<Keeper, NetworkKeeper>().AddSingleton<Keeper, RouterKeeper>();
        services.AddSingleton<Keeper>(p => p.GetRequiredService<ProjectPurge>());
        services.AddSingleton<IProjectGone>(p => p.GetRequiredService<ProjectPurge>()).AddSingleton<IProjectReleased>(p => p.GetRequiredService<ProjectPurge>());
        services.AddSingleton<NetworkApi>().AddSingleton<SubnetApi>().AddSingleton<SubnetPoolApi>().AddSingleton<PortApi>();
        services.AddSingleton<RouterApi>().AddSingleton<RouterActionsApi>().AddSingleton<FloatingIpApi>();
        services.AddSingleton<GroupApi>().AddSingleton<GroupRuleApi>().AddSingleton<AddressGroupApi>().AddSingleton<AddressScopeApi>();
        services.AddSingleton<RbacApi>().AddSingleton<MeteringLabelApi>().AddSingleton<MeteringRuleApi>();
        services.AddSingleton<QuotaApi>().AddSingleton<AgentApi>().AddSingleton<AvailabilityApi>();
        services.AddSingleton<AutoTopology>().AddSingleton<AutoTopologyApi>();
    }

    public void Map(IEndpointRouteBuilder app, RouteMaker routes)
    {
        var door = routes(NetworkDoor.Door);
        var parts = app.ServiceProvider;
        DiscoveryApi.Map(door);
        Collection<Network>(parts.GetRequiredService<NetworkApi>());
        Collection<Subnet>(parts.GetRequiredService<SubnetApi>());
        Collection<SubnetPool>(parts.GetRequiredService<SubnetPoolApi>());
        Collection<Port>(parts.GetRequiredService<PortApi>());
        Collection<Router>(parts.GetRequiredService<RouterApi>());
        Collection<FloatingIp>(parts.GetRequiredService<FloatingIpApi>());
        Collection<Group>(parts.GetRequiredService<GroupApi>());
        Collection<GroupRule>(parts.GetRequiredService<GroupRuleApi>());
        Collection<AddressGroup>(parts.GetRequiredService<AddressGroupApi>());
        Collection<AddressScope>(parts.GetRequiredService<AddressScopeApi>());
        Collection<RbacPolicy>(parts.GetRequiredService<RbacApi>());
        Collection<MeteringLabel>(parts.GetRequiredService<MeteringLabelApi>());
        Collection<MeteringRule>(parts.GetRequiredService<MeteringRuleApi>());
        parts.GetRequiredService<RouterActionsApi>().Map(door);
        parts.GetRequiredService<QuotaApi>().Map(door);
        parts.GetRequiredService<AgentApi>().Map(door);
        parts.GetRequiredService<AvailabilityApi>().Map(door);
        parts.GetRequiredService<AutoTopologyApi>().Map(door);

        void Collection<T>(ResourceApi<T> api)
            where T : Resource
        {
            api.Map(door);
            if (api.Taggable)
            {
                new TagsApi<T>(parts.GetRequiredService<Db>(), parts.GetRequiredService<Ids>(), api).Map(door);
            }
        }
    }
}

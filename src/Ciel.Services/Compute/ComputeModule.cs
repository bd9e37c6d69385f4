using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.Network;
using Ciel.Services.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ciel.Services.Compute;

/// <summary>Compute: Nova's API.</summary>
internal sealed class ComputeModule : IServiceModule
{
    public IReadOnlyList<Migration> Migrations => Schema.Migrations;

    public void Register(IServiceCollection services)
    {
        services.TryAddSingleton(new ComputeOptions());
        services.AddSingleton<HostBook>().AddSingleton<Backups>().AddSingleton<AggregateBook>().AddSingleton<Scheduler>();
        services.AddSingleton<ServerBook>().AddSingleton<ServerVerbs>().AddSingleton<ServerViews>();
        services.AddSingleton<ServerParts>().AddSingleton<NicBuilder>().AddSingleton<Attachments>().AddSingleton<ServerBuilder>().AddSingleton<MachineSpecs>();
        services.AddSingleton<Keeper, ServerKeeper>().AddSingleton<Keeper, SnapshotKeeper>();
        services.AddSingleton<IGuestMetadata, GuestMetadata>().AddSingleton<GuestPassword>();
        services.AddSingleton<ComputeListener>();
        services.AddSingleton<IPortListener>(p => p.GetRequiredService<ComputeListener>());
        services.AddSingleton<IProjectGone>(p => p.GetRequiredService<ComputeListener>()).AddSingleton<IProjectReleased>(p => p.GetRequiredService<ComputeListener>());
        services.AddSingleton<IProjectSuspended, Suspensions>();
        RegisterDoors(services);
    }

    public void Map(IEndpointRouteBuilder app, RouteMaker routes)
    {
        var parts = app.ServiceProvider;
        var door = routes(ComputeDoor.Door);
        VersionsApi.Map(door);
        ExtensionsApi.Map(door);
        parts.GetRequiredService<FlavorApi>().Map(door);
        parts.GetRequiredService<FlavorAccessApi>().Map(door);
        parts.GetRequiredService<FlavorSpecsApi>().Map(door);
        parts.GetRequiredService<KeypairApi>().Map(door);
        parts.GetRequiredService<ServerListApi>().Map(door);
        parts.GetRequiredService<ServerApi>().Map(door);
        parts.GetRequiredService<ServerActionApi>().Map(door);
        parts.GetRequiredService<MetadataApi>().Map(door);
        parts.GetRequiredService<TagApi>().Map(door);
        parts.GetRequiredService<AddressApi>().Map(door);
        parts.GetRequiredService<ActionLogApi>().Map(door);
        parts.GetRequiredService<InterfaceApi>().Map(door);
        parts.GetRequiredService<SmallPartsApi>().Map(door);
        parts.GetRequiredService<PasswordApi>().Map(door);
        parts.GetRequiredService<GroupApi>().Map(door);
        parts.GetRequiredService<LimitsApi>().Map(door);
        parts.GetRequiredService<QuotaApi>().Map(door);
        parts.GetRequiredService<QuotaClassApi>().Map(door);
        parts.GetRequiredService<ZoneApi>().Map(door);
        parts.GetRequiredService<ServiceApi>().Map(door);
        parts.GetRequiredService<HypervisorApi>().Map(door);
        parts.GetRequiredService<HostApi>().Map(door);
        parts.GetRequiredService<AggregateApi>().Map(door);
        parts.GetRequiredService<MigrationApi>().Map(door);
        parts.GetRequiredService<ExternalEventApi>().Map(door);
        parts.GetRequiredService<UsageApi>().Map(door);
        parts.GetRequiredService<UsageAuditApi>().Map(door);
        parts.GetRequiredService<FloatingPagesApi>().Map(door);
        parts.GetRequiredService<GroupPagesApi>().Map(door);
        parts.GetRequiredService<NetworkPagesApi>().Map(door);
        parts.GetRequiredService<ImagePagesApi>().Map(door);
        parts.GetRequiredService<ImageMetadataApi>().Map(door);
    }

    private static void RegisterDoors(IServiceCollection services)
    {
        services.AddSingleton<FlavorApi>().AddSingleton<FlavorAccessApi>().AddSingleton<FlavorSpecsApi>().AddSingleton<KeypairApi>();
        services.AddSingleton<ServerListApi>().AddSingleton<ServerApi>().AddSingleton<ServerActionApi>();
        services.AddSingleton<IServerActions, PowerActions>().AddSingleton<IServerActions, ResizeActions>().AddSingleton<IServerActions, RebuildAction>();
        services.AddSingleton<IServerActions, LockActions>().AddSingleton<IServerActions, AdminActions>().AddSingleton<IServerActions, UnofferedActions>();
        services.AddSingleton<IServerActions, ConsoleAction>().AddSingleton<IServerActions, ImageActions>().AddSingleton<IServerActions, GroupActions>();
        services.AddSingleton<IServerActions, FixedIpActions>();
        services.AddSingleton<MetadataApi>().AddSingleton<TagApi>().AddSingleton<AddressApi>().AddSingleton<ActionLogApi>().AddSingleton<InterfaceApi>();
        services.AddSingleton<SmallPartsApi>().AddSingleton<PasswordApi>().AddSingleton<DiagnosticsApi>().AddSingleton<GroupApi>();
        services.AddSingleton<LimitsApi>().AddSingleton<QuotaApi>().AddSingleton<QuotaClassApi>();
        services.AddSingleton<ZoneApi>().AddSingleton<ServiceApi>().AddSingleton<HypervisorApi>().AddSingleton<HostApi>().AddSingleton<AggregateApi>();
        services.AddSingleton<MigrationApi>().AddSingleton<ExternalEventApi>().AddSingleton<UsageApi>().AddSingleton<UsageAuditApi>();
        services.AddSingleton<Pages>().AddSingleton<FloatingPagesApi>().AddSingleton<GroupPagesApi>().AddSingleton<NetworkPagesApi>();
        services.AddSingleton<ImagePagesApi>().AddSingleton<ImageMetadataApi>().AddSingleton<IServerActions, FloatingActions>();
    }
}

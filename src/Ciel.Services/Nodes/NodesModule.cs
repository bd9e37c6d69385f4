using Ciel.Agent.Contract;
using Ciel.Core;
using Ciel.Core.Store;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Services.Nodes;

/// <summary>Nodes: no door of its own.</summary>
internal sealed class NodesModule : IServiceModule
{
    public IReadOnlyList<Migration> Migrations => Schema.Migrations;

    public void Register(IServiceCollection services)
    {
        services.AddSingleton<NodeService>();
        services.AddSingleton<INodes>(p => p.GetRequiredService<NodeService>());
        services.AddSingleton<INodeChannels>(p => p.GetRequiredService<NodeService>());
        services.AddSingleton<IController>(p => p.GetRequiredService<NodeService>());
    }

    public void Map(IEndpointRouteBuilder app, RouteMaker routes)
    {
        // Operators see nodes through the compute service's hypervisors and `ciel doctor`.
    }
}

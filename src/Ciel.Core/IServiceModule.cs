using Ciel.Core.Blobs;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Core;

/// <summary>What a service brings to the program: its tables, its parts, its keepers (registered as <see cref="Keepers.Keeper"/>), its routes.</summary>
public interface IServiceModule
{
    /// <summary>The service's tables.</summary>
    IReadOnlyList<Migration> Migrations { get; }

    /// <summary>The blobs that the service keeps, for those who look after them.</summary>
    IReadOnlyList<BlobHolding> Blobs => [];

    /// <summary>Registers the service's parts, among them its contract and its keepers.</summary>
    void Register(IServiceCollection services);

    /// <summary>Maps the service's routes.</summary>
    void Map(IEndpointRouteBuilder app, RouteMaker routes);
}

/// <summary>Begins the routes of one service.</summary>
public delegate Routes RouteMaker(ServiceDoor door);

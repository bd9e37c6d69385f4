using Ciel.Core;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Identity.Catalog;
using Ciel.Services.Identity.Delegation;
using Ciel.Services.Identity.Tokens;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Services.Identity;

/// <summary>Keystone v3.</summary>
internal sealed class IdentityModule : IServiceModule
{
    public IReadOnlyList<Migration> Migrations => Schema.Migrations;

    public void Register(IServiceCollection services)
    {
        services.AddSingleton<Standings>().AddSingleton<TokenChecker>().AddSingleton<Identification>().AddSingleton<TrustUse>().AddSingleton<Login>();
        services.AddSingleton<Catalogs>().AddSingleton<Bootstrap>();
        services.AddSingleton<IAuthenticator, Authenticator>();
        services.AddSingleton<IIdentity, IdentityService>();
        services.AddSingleton<Keeper, Sweeper>();
        services.AddSingleton<TokenApi>();
    }

    public void Map(IEndpointRouteBuilder app, RouteMaker routes)
    {
        var parts = app.ServiceProvider;
        var door = routes(IdentityDoor.Door);
        DiscoveryApi.Map(door);
        parts.GetRequiredService<TokenApi>().Map(door);
    }
}

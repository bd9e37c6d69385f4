using Ciel.Core;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Identity.Catalog;
using Ciel.Services.Identity.Credentials;
using Ciel.Services.Identity.Delegation;
using Ciel.Services.Identity.Extensions;
using Ciel.Services.Identity.Limits;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Roles;
using Ciel.Services.Identity.Tokens;
using Ciel.Services.Identity.Users;
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
        services.AddSingleton<Catalogs>().AddSingleton<Bootstrap>().AddSingleton<Changes>().AddSingleton<ProjectRemoval>().AddSingleton<CredentialBook>();
        services.AddSingleton<IAccessKeys, AccessKeys>();
        services.AddSingleton<IAuthenticator, Authenticator>();
        services.AddSingleton<IIdentity, IdentityService>();
        services.AddSingleton<Keeper, Sweeper>();
        services.AddSingleton<IIdentityApi, TokenApi>().AddSingleton<IIdentityApi, AuthScopesApi>();
        services.AddSingleton<IIdentityApi, DomainApi>().AddSingleton<IIdentityApi, ProjectApi>().AddSingleton<IIdentityApi, TagApi>();
        services.AddSingleton<IIdentityApi, UserApi>().AddSingleton<IIdentityApi, PasswordApi>();
        services.AddSingleton<IIdentityApi, GroupApi>().AddSingleton<IIdentityApi, MembershipApi>();
        services.AddSingleton<IIdentityApi, RoleApi>().AddSingleton<IIdentityApi, ImplicationApi>();
        services.AddSingleton<IIdentityApi, GrantApi>().AddSingleton<IIdentityApi, AssignmentApi>();
        services.AddSingleton<IIdentityApi, RegionApi>().AddSingleton<IIdentityApi, ServiceApi>().AddSingleton<IIdentityApi, EndpointApi>();
        services.AddSingleton<IIdentityApi, AppCredentialApi>().AddSingleton<IIdentityApi, AccessRuleApi>().AddSingleton<IIdentityApi, TrustApi>();
        services.AddSingleton<IIdentityApi, CredentialApi>().AddSingleton<IIdentityApi, Ec2Api>();
        services.AddSingleton<IIdentityApi, PolicyApi>().AddSingleton<IIdentityApi, ConsumerApi>().AddSingleton<IIdentityApi, DomainConfigApi>();
        services.AddSingleton<IIdentityApi, EndpointGroupApi>().AddSingleton<IIdentityApi, EndpointFilterApi>();
        services.AddSingleton<IIdentityApi, RegisteredLimitApi>().AddSingleton<IIdentityApi, LimitApi>();
    }

    public void Map(IEndpointRouteBuilder app, RouteMaker routes)
    {
        var door = routes(IdentityDoor.Door);
        DiscoveryApi.Map(door);
        foreach (var api in app.ServiceProvider.GetServices<IIdentityApi>())
        {
            api.Map(door);
        }
    }
}

using Ciel.Core;
using Ciel.Services.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Hosting;

/// <summary>What a new cloud has before its first user comes: the admin, the roles, the catalog, the public network.</summary>
internal static class FirstThings
{
    public static Task Make(CielOptions options, IServiceProvider parts, CancellationToken cancel) =>
        parts.GetRequiredService<IIdentity>().Bootstrap(AdminPassword.Of(options, parts.GetRequiredService<ISecrets>()), cancel);
}

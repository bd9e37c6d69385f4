using Ciel.Core;
using Ciel.Core.Store;
using Ciel.Services.Billing;
using Ciel.Services.Identity;
using Ciel.Services.Images;
using Ciel.Services.Network;
using Ciel.Services.ObjectStorage;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Hosting;

/// <summary>What a new cloud has before its first user comes: the admin, the roles, the catalog, the public network.</summary>
internal static class FirstThings
{
    public static async Task Make(CielOptions options, IServiceProvider parts, CancellationToken cancel)
    {
        var identity = parts.GetRequiredService<IIdentity>();
        await identity.Bootstrap(AdminPassword.Of(options, parts.GetRequiredService<ISecrets>()), cancel);
        var admin = (await parts.GetRequiredService<Db>().Read(identity.Projects, cancel)).First(p => p is { Name: "admin", DomainId: "default" });
        await parts.GetRequiredService<IObjectStart>().Bootstrap(cancel);
        await SeedImages(options, parts.GetRequiredService<IImages>(), cancel);
        await parts.GetRequiredService<INetworks>().Bootstrap(options.PublicCidr, admin.Id, cancel);
        await parts.GetRequiredService<IBillingStart>().Bootstrap(cancel);
    }

    private static readonly Dictionary<string, string> Guest = new() { ["architecture"] = "x86_64", ["os_distro"] = "debian" };

    private static async Task SeedImages(CielOptions options, IImages images, CancellationToken cancel)
    {
        await images.Bootstrap(cancel);
        if (options.GuestImage is { } path)
        {
            await using var file = File.OpenRead(path);
            await images.Seed(Path.GetFileNameWithoutExtension(path), file, Guest, cancel);
        }
    }
}

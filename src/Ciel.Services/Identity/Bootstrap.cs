using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity.Catalog;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Roles;
using Ciel.Services.Identity.Users;
using Names = Ciel.Core.Policy.Roles;

namespace Ciel.Services.Identity;

/// <summary>Makes what every cloud needs, each thing only where it is missing.</summary>
internal sealed class Bootstrap(Db db, Ids ids, PasswordHasher hasher, RevisionCache cache, KeeperBook keepers, IEnumerable<CatalogEntry> others)
{
    public const string DefaultDomain = "default";
    private const string Region = "RegionOne";
    private const string Service = "service";

    private static readonly CatalogEntry[] Own =
    [
        new("identity", "keystone", "/identity"), new("image", "glance", "/image"), new("network", "neutron", "/network"), new("compute", "nova", "/compute/v2.1"),
    ];

    public async Task Run(string adminPassword, CancellationToken cancel)
    {
        var known = await db.Read(r => UserStore.ByName(r, DefaultDomain, Names.Admin), cancel);
        var hash = known is null ? await hasher.Hash(adminPassword) : null;
        await db.Write(
            async tx =>
            {
                await Owners(tx, hash);
                await Catalog(tx);
                await Sweeper.Begin(tx, keepers);
                await cache.StandingChanged(tx);
                await cache.CatalogChanged(tx);
            },
            cancel);
    }

    private async Task Owners(Tx tx, string? hash)
    {
        var domain = await ProjectStore.Domain(tx, DefaultDomain) ?? await Project(tx, new ProjectRow
        {
            Id = DefaultDomain,
            Name = "Default",
            DomainId = "",
            IsDomain = true,
            Description = "The default domain",
            CreatedAt = tx.Now,
        });
        var project = await Project(tx, domain.Id, Names.Admin, "For the operators of the cloud");
        await Project(tx, domain.Id, Service, "For the cloud's own services");
        var roles = new Dictionary<string, RoleRow>();
        foreach (var name in (string[])[Names.Admin, Names.Manager, Names.Member, Names.Reader, Service])
        {
            roles[name] = await Role(tx, name);
        }

        foreach (var (prior, implied) in Names.Implies)
        {
            await RoleStore.Imply(tx, roles[prior].Id, roles[implied].Id);
        }

        var admin = await UserStore.ByName(tx, domain.Id, Names.Admin) ?? await Admin(tx, domain.Id, hash);
        foreach (var (type, target) in ((string, string)[])[(Assignment.Project, project.Id), (Assignment.System, Assignment.System)])
        {
            await AssignmentStore.Grant(tx, new Assignment
            {
                ActorType = Assignment.User,
                ActorId = admin.Id,
                TargetType = type,
                TargetId = target,
                RoleId = roles[Names.Admin].Id,
            });
        }
    }

    private async Task<UserRow> Admin(Tx tx, string domainId, string? hash)
    {
        var user = new UserRow { Id = ids.Hex(), Name = Names.Admin, DomainId = domainId, PasswordHash = hash, CreatedAt = tx.Now };
        await UserStore.Insert(tx, user);
        return user;
    }

    private async Task<ProjectRow> Project(Tx tx, string domainId, string name, string description) =>
        await ProjectStore.ByName(tx, domainId, name) ?? await Project(tx, new ProjectRow
        {
            Id = ids.Hex(),
            Name = name,
            DomainId = domainId,
            ParentId = domainId,
            Description = description,
            CreatedAt = tx.Now,
        });

    private static async Task<ProjectRow> Project(Tx tx, ProjectRow row)
    {
        await ProjectStore.Insert(tx, row);
        return row;
    }

    private async Task<RoleRow> Role(Tx tx, string name)
    {
        if (await RoleStore.ByName(tx, "", name) is { } known)
        {
            return known;
        }

        var role = new RoleRow { Id = ids.Hex(), Name = name };
        await RoleStore.Insert(tx, role);
        return role;
    }

    private async Task Catalog(Tx tx)
    {
        if (await RegionStore.Find(tx, Region) is null)
        {
            await RegionStore.Insert(tx, new RegionRow { Id = Region });
        }

        foreach (var entry in Own.Concat(others).DistinctBy(e => e.Type))
        {
            await Entry(tx, entry);
        }
    }

    // Endpoints that bear the cloud door's mark are ours, and follow the program; what an operator wrote stays.
    private async Task Entry(Tx tx, CatalogEntry entry)
    {
        var url = (entry.OnObjects ? Urls.Objects : Urls.Base) + entry.Path;
        var service = await ServiceStore.ByType(tx, entry.Type);
        if (service is null)
        {
            service = new ServiceRow { Id = ids.Hex(), Type = entry.Type, Name = entry.Name };
            await ServiceStore.Insert(tx, service);
            foreach (var face in (string[])["public", "internal", "admin"])
            {
                await EndpointStore.Insert(tx, new EndpointRow { Id = ids.Hex(), ServiceId = service.Id, Interface = face, RegionId = Region, Url = url });
            }

            return;
        }

        foreach (var endpoint in await EndpointStore.OfService(tx, service.Id))
        {
            if ((endpoint.Url.StartsWith(Urls.Base, StringComparison.Ordinal) || endpoint.Url.StartsWith(Urls.Objects, StringComparison.Ordinal)) && endpoint.Url != url)
            {
                await EndpointStore.Update(tx, endpoint with { Url = url });
            }
        }
    }
}

using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity;

/// <summary>What other services ask of identity.</summary>
internal sealed class IdentityService(Db db, Bootstrap bootstrap, PasswordHasher hasher, RevisionCache cache, IEnumerable<IProjectSuspended> services, IEnumerable<IProjectReleased> holders) : IIdentity
{
    public async Task<ProjectInfo?> Project(Reader reader, string projectId) =>
        await ProjectStore.Find(reader, projectId) is { } row ? new ProjectInfo(row.Id, row.Name, row.HomeDomainId, row.Enabled, row.Suspended) : null;

    public async Task<IReadOnlyList<ProjectInfo>> Projects(Reader reader) =>
        [.. (await reader.Query<ProjectRow>("SELECT * FROM identity_project WHERE is_domain = 0 ORDER BY id")).Select(r => new ProjectInfo(r.Id, r.Name, r.DomainId, r.Enabled, r.Suspended))];

    public async Task SuspendProject(Tx tx, string projectId, string reason)
    {
        if (await ProjectStore.Suspend(tx, projectId, reason))
        {
            await cache.StandingChanged(tx);
        }

        foreach (var service in services)
        {
            await service.Suspended(tx, projectId);
        }
    }

    public async Task ResumeProject(Tx tx, string projectId)
    {
        if (!await ProjectStore.Suspend(tx, projectId, null))
        {
            return;
        }

        await cache.StandingChanged(tx);
        foreach (var service in services)
        {
            await service.Resumed(tx, projectId);
        }
    }

    public async Task ReleaseProject(Tx tx, string projectId)
    {
        if (await ProjectStore.Find(tx, projectId) is not { Suspended: not null })
        {
            return;
        }

        foreach (var holder in holders)
        {
            await holder.Released(tx, projectId);
        }
    }

    public Task Bootstrap(string adminPassword, CancellationToken cancel) => bootstrap.Run(adminPassword, cancel);

    public async Task SetPassword(string userName, string password, CancellationToken cancel)
    {
        var hash = await hasher.Hash(password);
        await db.Write(
            async tx =>
            {
                var user = await UserStore.ByName(tx, Identity.Bootstrap.DefaultDomain, userName) ?? throw Rules.Missing("user", userName);
                await UserStore.Update(tx, user with { PasswordHash = hash, TokensFrom = tx.Now });
                await cache.StandingChanged(tx);
            },
            cancel);
    }
}
